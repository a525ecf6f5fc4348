"""What is known of the packages that the house stands on: holes, licences, and the list of them all."""
