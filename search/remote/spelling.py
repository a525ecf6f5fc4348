"""How many typing errors lie between two words: letters too many, too few, wrong, or two that changed places."""


def errors_between(one: str, other: str, most: int) -> int:
    """Return the number of errors; anything above `most` when there are more of them."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one):
        above, row = row, [place + 1]
        for column, facing in enumerate(other):
            best = min(above[column] + (letter != facing), above[column + 1] + 1, row[column] + 1)
            if place and column and letter == other[column - 1] and one[place - 1] == facing:
                best = min(best, before[column - 1] + 1)
            row.append(best)
        if min(row) > most and min(above) > most:
            return most + 1
        before = above
    return row[-1]
