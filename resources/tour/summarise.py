"""Counts the countries of ISO 3166-1 by the first letter of their name and writes a table."""
import csv
import json
import sys
from collections import Counter

source, target = sys.argv[1:3]
with open(source, encoding="utf-8") as file:
    countries = json.load(file)["3166-1"]
letters = Counter(country["name"][0] for country in countries)
with open(target, "w", encoding="utf-8", newline="") as file:
    table = csv.writer(file)
    table.writerow(["letter", "countries", "longest name"])
    for letter in sorted(letters):
        names = (c["name"] for c in countries if c["name"][0] == letter)
        table.writerow([letter, letters[letter], max(names, key=lambda n: (len(n), n))])
print(f"{len(countries)} countries, {len(letters)} letters -> {target}")
