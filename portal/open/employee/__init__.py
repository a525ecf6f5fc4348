"""The page of an employee on which he sees who looked in his file; the trail itself stands on the open side."""
