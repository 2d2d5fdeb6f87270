"""The patterns by which people ask for a command in other words (`commands.txt`), by the command."""

from pathlib import Path

from policies.search.words.pattern_files import read_patterns

SAID = read_patterns(Path(__file__).with_name("commands.txt"))
