"""Numbers in Chinese texts: one numeral reader and one table of scales, a grammar for print and one for speech.

Nothing of this project is imported here; every room may import it. Begin reading at `numerals`, then `printed` (what
documents write, exact) and `typed` (what people type: 两个亿, 三千来万). `written` makes words of numbers.
"""
