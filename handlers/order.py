"""The order in which a message is tried: the whole conversation in one table. Begin here.

The router (`handlers/router.py`) goes through `ORDER`. It passes over a part whose condition does not hold. The first
step that answers ends the walk. `policybot ask --explain` shows the walk of a message, and docs/conversation.md what
each step does. An event never comes here.
"""

from handlers.steps import (
    commands,
    english_words,
    library,
    meaning,
    on_screen,
    other_readings,
    outright,
    topic,
    under_way,
)
from handlers.steps.step import Part, When

_ALWAYS = When("always", lambda walk: True)
_LEFT_OR_AWAITED = When(
    "a dialogue is under way, or it gives something up",
    lambda walk: bool(walk.turn.session.dialogue) or walk.speech.leaves,
)
_COMMAND = When("it has the words of a command or a setting", lambda walk: walk.speech.is_command)
_WISH_AT_END = When(
    "its last part wishes for fewer messages",
    lambda walk: walk.speech.closing_wish is not None and walk.kept is None,
)
_A_PERSON = When("a person has taken over", lambda walk: walk.waits and walk.kept is None)
_ENGLISH = When("it is in English", lambda walk: walk.speech.is_english and walk.kept is None)
_NONE_KEPT = When("no answer is kept", lambda walk: walk.kept is None)
_KEPT = When("an answer is kept", lambda walk: walk.kept is not None)
_MAY_ACT = When(
    "an answer is kept, or no free text fits", lambda walk: walk.kept is not None or walk.free is None
)
_WANTED = When("an act or a fact is meant", lambda walk: walk.wanted is not None)
_NO_FREE_TEXT = When("no free text fits", lambda walk: walk.free is None)
_DOUBT = When("the search is in doubt", lambda walk: walk.doubt is not None)
_BY_WORDS = When("words left it in doubt before the model decided", lambda walk: walk.by_words)
_FREE_DOUBT = When(
    "the search is in doubt, and no dialogue is to be asked first",
    lambda walk: walk.doubt is not None and (walk.searched or not walk.turn.session.dialogue),
)
_WANTED_OR_DOUBT = When(
    "an act or a fact is meant, or the search is in doubt",
    lambda walk: walk.wanted is not None or _FREE_DOUBT.holds(walk),
)
_DOUBT_IN_TALK = When(
    "the search is in doubt, and something was talked about",
    lambda walk: (
        _FREE_DOUBT.holds(walk)
        and bool(walk.turn.session.clause or walk.turn.session.named or walk.turn.session.area)
    ),
)

_OUTRIGHT = Part(
    "a command in unusual words",
    _WANTED_OR_DOUBT,
    (
        outright.command_by_sound,
        outright.command_in_part,
        outright.reminders_in_single_words,
        outright.undo_by_sign,
    ),
    once=True,
)
_TOPIC = Part("the topic of the talk", _DOUBT, (topic.topic,), once=True)
_OTHER_READINGS = Part(
    "other readings",
    _FREE_DOUBT,
    (
        other_readings.sections,
        other_readings.other_words,
        other_readings.names_by_sound,
        other_readings.subject_alone,
        other_readings.shown_fact,
        other_readings.best_on_screen,
        other_readings.other_place,
        other_readings.clause_in_focus,
        other_readings.named_level,
        other_readings.part_on_screen,
        other_readings.about_reminders,
        other_readings.not_told,
    ),
    once=True,
)

ORDER: tuple[Part, ...] = (
    Part("what is under way", _LEFT_OR_AWAITED, (under_way.dialogue, under_way.leaving), noted=False),
    Part("who answers", _ALWAYS, (commands.awaited_person,)),
    Part("commands", _COMMAND, (commands.command, commands.fewer_messages, commands.setting)),
    Part("reminders", _NONE_KEPT, (commands.reminders,)),
    Part("a wish at the end", _WISH_AT_END, (commands.fewer_messages_at_end,)),
    Part("the person", _A_PERSON, (commands.person,)),
    Part("English", _ENGLISH, (english_words.english_act, english_words.into_chinese)),
    Part(
        "what is on the screen",
        _NONE_KEPT,
        (on_screen.sure_free_text, on_screen.same_question, on_screen.follow_up),
    ),
    Part("the meaning", _MAY_ACT, (meaning.meaning,)),
    Part("a plain fact", _WANTED, (meaning.plain_fact,)),
    _OUTRIGHT,
    Part("an act or a fact", _WANTED, (meaning.likely_fact, meaning.act)),
    Part("the kept answer", _KEPT, (meaning.kept,)),
    # A short message that words leave in doubt is read in other ways before the sentence model decides.
    Part("the words of a short message", _NO_FREE_TEXT, (library.doubt_of_words,)),
    _OUTRIGHT,
    _TOPIC,
    _OTHER_READINGS,
    Part("nothing in the words", _DOUBT_IN_TALK, (library.not_understood,)),
    Part(
        "the library",
        _ALWAYS,
        (
            library.search,
            library.free_text,
            library.several_needs,
            library.asked_back,
            library.sure_answer,
            under_way.asks_again,
        ),
    ),
    # All other messages are read in other ways here. A part that was tried before is not tried again.
    _OUTRIGHT,
    _TOPIC,
    _OTHER_READINGS,
    Part("what the model found", _BY_WORDS, (other_readings.best_on_screen,)),
    Part(
        "nothing found",
        _ALWAYS,
        (library.not_understood, library.list_in_doubt, library.nothing_found),
    ),
)
