"""Why a step with a draft is refused."""


class RevisionError(Exception):
    """The step is not possible. The message says why, in Chinese, for an operator."""


class EditConflictError(RevisionError):
    """Someone else edited, published or discarded the same revision in the meantime."""


class OwnDraftError(RevisionError):
    """The publisher wrote a part of the draft."""


class ReturnedDraftError(RevisionError):
    """A draft was sent back to its authors and not saved since."""


class OutdatedDraftError(RevisionError):
    """Something else was published since the draft was begun; publishing it would undo that."""
