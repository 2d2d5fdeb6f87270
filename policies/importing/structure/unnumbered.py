"""Clauses of a document without any number: a list without heads, titles with fields below, bullets, paragraphs. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from policies.importing.document.blocks import DocumentLine, DocumentTable
from policies.importing.structure.asides import field_cards
from policies.importing.structure.clause_text import joined_text
from policies.importing.structure.levels import is_title_text
from policies.importing.structure.outline import Clause, Outline
from policies.importing.structure.table_clauses import FromTables
from policies.importing.tables.policy_columns import holds_grants

_GRANT = re.compile(r"给予|奖励|补助|补贴|资助|贴息|责任单位|牵头")
_FEWEST_CARDS = 2
_FEWEST_BULLETS = 3
_BULLET = re.compile(r"[★☆※●○◆◇■□▲△▶►•·➢➤✓√*＊\-－—–]\s*+(?=[\u4e00-\u9fff“《])")
_SENTENCE_END = re.compile(r"[。；！）)]\Z")


def names_a_grant(block: DocumentLine | DocumentTable) -> bool:
    """Whether a line speaks of money or of who is responsible for it."""
    return isinstance(block, DocumentLine) and bool(_GRANT.search(block.text))


class Unnumbered:
    """Takes clauses into an outline and numbers them."""

    def __init__(self, outline: Outline, blocks: Sequence[DocumentLine | DocumentTable]) -> None:
        self._outline = outline
        self._blocks = blocks

    def take(self) -> bool:
        """Take a document without any number: a list without heads, titles with fields below, bullets.

        Returns:
            Whether it is one of these.
        """
        grants = [block for block in self._blocks if isinstance(block, DocumentTable) and holds_grants(block)]
        cards = field_cards(self._blocks)
        bullets = [
            block for block in self._blocks if isinstance(block, DocumentLine) and _BULLET.match(block.text)
        ]
        if grants:
            FromTables(self._outline).take(self._blocks, grants)
        elif len(cards) >= _FEWEST_CARDS:
            self._from_fields(cards)
        elif len(bullets) >= _FEWEST_BULLETS and sum(map(names_a_grant, bullets)) * 2 > len(bullets):
            self._from_bullets()
        else:
            return False
        return True

    def _from_fields(self, cards: Mapping[int, int]) -> None:
        """Take each title with the fields below it as a clause and number the clauses; other short lines are headings."""
        headings: tuple[str, ...] = ()
        ends = 0
        for at, block in enumerate(self._blocks):
            if at < ends:
                continue
            if at in cards:
                ends = cards[at]
                lines = [one for one in self._blocks[at:ends] if isinstance(one, DocumentLine)]
                label = str(len(self._outline.clauses) + 1)
                text = joined_text(lines[0].text, lines[1:], styled=True)
                clause = Clause(label, headings, text, title=lines[0].text)
                clause.notes = [note for line in lines for note in line.notes]
                self._outline.clauses.append(clause)
            elif isinstance(block, DocumentTable):
                self._outline.leave_table(block)
            elif is_title_text(block.text) and at + 1 in cards and at > 0:
                headings = (block.text,)
                self._outline.headings.append(headings)
            else:
                self._outline.front += [] if self._outline.clauses else [block.text]
                self._outline.leave(block.text)
        self._outline.warn("numbered_by_import", "原文没有编号，每个标题和它下面的各项作为一条，由导入编号")

    def _from_bullets(self) -> None:
        """Take each line with a bullet as a clause and number the clauses; short lines before a bullet are headings."""
        headings: tuple[str, ...] = ()
        for block, after in zip_longest(self._blocks, self._blocks[1:]):
            before = self._outline.clauses[-1] if self._outline.clauses else None
            leads = isinstance(after, DocumentLine) and bool(_BULLET.match(after.text))
            if isinstance(block, DocumentTable):
                self._outline.leave_table(block)
            elif bullet := _BULLET.match(block.text):
                label = str(len(self._outline.clauses) + 1)
                text = block.text[bullet.end() :]
                self._outline.clauses.append(Clause(label, headings, text, notes=block.notes))
            elif leads and is_title_text(block.text):
                headings = (block.text,)
                self._outline.headings.append(headings)
            elif before is not None and not _SENTENCE_END.search(before.text):
                before.text += block.text  # the rest of a broken line
            else:
                self._outline.front += [] if before else [block.text]
                self._outline.leave(block.text)
        self._outline.warn("numbered_by_import", "原文没有编号，每个项目符号作为一条，由导入编号")

    def take_paragraphs(self) -> None:
        """Take each paragraph as a clause and number the clauses; short lines without a full stop are headings."""
        headings: tuple[str, ...] = ()
        for block in self._blocks:
            if isinstance(block, DocumentTable):
                self._outline.leave_table(block)
            elif is_title_text(block.text) or block.level is not None:
                if self._outline.clauses or len(self._outline.front) > 0:
                    headings = (block.text,)
                    self._outline.headings.append(headings)
                else:
                    self._outline.front.append(block.text)
                    self._outline.leave(block.text)
            else:
                clause = Clause(str(len(self._outline.clauses) + 1), headings, block.text, notes=block.notes)
                self._outline.clauses.append(clause)
        self._outline.warn("numbered_by_import", "原文没有编号，按段落编了号")
