"""What a clause does in the conversation, other than answering: asks back, refuses, wants to stop. Rules, for"
" English."""

import re
from enum import StrEnum


class Move(StrEnum):
    STATEMENT = "statement"  # says something; only this can answer a question
    FILLER = "filler"  # "okay", "let me see"
    REFUSAL = "refusal"
    REPEAT = "repeat"  # did not hear or understand the question
    HOLD = "hold"  # asks to wait
    HURRY = "hurry"  # has little time
    STOP = "stop"  # wants to end the call
    WHO = "who"  # asks who or what is talking
    RECORDED = "recorded"  # asks what becomes of the words
    LENGTH = "length"  # asks how long it will take
    HUMAN = "human"  # wants to talk to a person
    WHY = "why"  # asks what a question or the call is for
    COMMAND = "command"  # tries to give the agent orders
    QUESTION = "question"  # asks something that a human has to answer


LONGEST = {
    Move.REPEAT: 12, Move.HOLD: 12, Move.HURRY: 16, Move.STOP: 18, Move.WHO: 14, Move.RECORDED: 18, Move.LENGTH: 16,
    Move.HUMAN: 20, Move.WHY: 14,
}  # fmt: skip
"""Words: who says more than that tells something, and uses the phrase by chance."""

INTERJECTING = (
    r"\b(?:can|could|may|let me|if i (?:can|could|may)) (?:i )?(?:just )?(?:stop you|interrupt(?: you)?|jump in|cut in"
    r"|ask (?:you )?(?:something|a question))\b|\bi (?:have|had|'ve got) (?:a|one|another) (?:quick |short )?question\b"
)
"""Asks for the floor."""

PATTERNS: tuple[tuple[Move, re.Pattern[str]], ...] = tuple(
    (move, re.compile(pattern))
    for move, pattern in (
        (
            Move.COMMAND,
            r"\b(?:ignore|forget|disregard) (?:all |any |everything |of |the |your |my |these )*(?:previous"
            r"|prior|earlier|above"
            r"|instructions?|rules|prompts?|training)\b|\b(?:system|hidden|initial) (?:prompt|message"
            r"|instructions?)\b"
            r"|\byour (?:instructions|prompt|guidelines|programming)\b|\byou are now (?:in|a|an|my|the|no longer)\b"
            r"|\b(?:pretend|act as if|act like|act as|role-?play)\b.*\b(?:you|you're|a|an)\b"
            r"|\b(?:developer|debug|admin|god|jailbreak) mode\b"
            r"|\b(?:confirm|approve|grant|give|promise) (?:me |us |it |that )?(?:\w+ ){0,3}(?:discount|refund"
            r"|credit|contract"
            r"|code)\b|\bfor free\b.*\bconfirm\b|\b(?:from now on|instead) you (?:will|must|are)\b|\bwrite (?:me"
            r" )?a poem\b",
        ),
        (
            Move.REFUSAL,
            r"\b(?:rather|prefer|like) not (?:to )?(?:say|answer|tell|share|talk|discuss|go into|get into|disclose)\b"
            r"|\b(?:i'?d|would) prefer (?:to keep|if we didn)|\b(?:not going|not able|not allowed|unable) to"
            r" (?:say|answer|tell"
            r"|share|discuss|disclose|go into|get into|give)\b|\b(?:can'?t|cannot|won'?t|don'?t want to|do not"
            r" want to) (?:really "
            r"|actually )?(?:say|tell you|share|discuss|disclose|go into|get into|talk about|give (?:you|out)"
            r"|answer)\b"
            r"|\bconfidential\b|\bnone of your (?:business|concern)\b|\bno comment\b|\b(?:don'?t|do not|never)"
            r" disclose\b|\bnot comfortable\b"
            r"|\buncomfortable\b"
            r"|\bskip (?:that|this|it)\b|\bpass on that\b|\bkeep (?:that|it|this) to (?:myself|ourselves)\b"
            r"|\bnext question\b"
            r"|\bthat'?s (?:private|personal|internal|between us)\b|\bnot something (?:i|we) (?:share|discuss"
            r"|give|talk)\b"
            r"|\bunder (?:an )?nda\b|\bdon'?t (?:share|disclose|give out|discuss) (?:that|those|this|figures"
            r"|numbers|such)\b"
            r"|\bi'?ll pass\b|\bleave that (?:one )?out\b|\bnot for you to know\b",
        ),
        (
            Move.REPEAT,
            r"\b(?:say|ask) (?:that|it) (?:again|once more|one more time)\b|\brepeat (?:that|it|the question"
            r"|yourself|please)\b|\b(?:can"
            r"|could|would) you "
            r"repeat\b|\bdidn'?t (?:quite |really )?(?:catch|hear|get|understand)\b|\bcome again\b|\bwhat (?:was"
            r"|is) (?:that|the"
            r" question|your question)\b|\bpardon(?: me)?\s*[.?!]*$|^(?:sorry,? )?what\s*\?+$|^(?:i'?m"
            r" )?sorry\s*\?+$|^what did "
            r"you (?:say|ask)\b|\byou (?:broke|are breaking|were breaking|'re breaking) up\b|\bwhat do you mean\b"
            r"|\bdon'?t understand the question\b|\b(?:rephrase|one more time,? please)\b|\bwhat (?:are|were)"
            r" the options\b"
            r"|\bonce more please\b",
        ),
        (
            Move.HUMAN,
            r"\b(?:talk|speak|chat|connect|transfer|put|get|switch)\b.*\b(?:human|real person|actual person"
            r"|living person"
            r"|somebody real|someone real|a person|a colleague|your manager|somebody else|someone else|sales"
            r" ?(?:person|rep))\b"
            r"|\b(?:don'?t|not) (?:want|like|going) to (?:talk|speak|chat)\w* (?:to|with) (?:a |an |you|some"
            r" )?(?:robot|machine"
            r"|computer|bot|ai|software)?\b|\bi (?:want|prefer|need|would like|'d like|'d rather have) a (?:real"
            r" )?(?:human"
            r"|person)\b",
        ),
        (
            Move.STOP,
            r"\b(?:gotta|got to|have to|had to|need to|(?:i|i'd|we) (?:must|should|should probably|better)) "
            r"(?:go|run|leave|hop"
            r" off|jump off|hang "
            r"up|dash|head out|head off|drop off|stop here)(?! (?:to the|to a|to my|to our|through|over|with"
            r"|back|for|via|by|up|"
            r"and|from|at|on|out|around|it|the)\b)|\b(?:gotta|got to|have to|need to) (?:get|jump|hop|go) (?:into"
            r"|to) (?:a|another"
            r"|my next) (?:meeting|call|patient|customer)\b|\b(?:call|ring|phone|try) me (?:back|again|later"
            r"|tomorrow|tonight|another|on \w+day|this (?:after|evening)|next week)"
            r"|\bcan (?:we|you) (?:do this|talk|call|stop|finish) (?:another|some other|later|tomorrow|here|now)\b"
            r"|\b(?:stop|end|finish) (?:the|this) (?:call|conversation|interview)\b|\blet'?s (?:stop|leave it"
            r"|end it|finish)"
            r"(?: it)?(?: here| there| now)?\b|\b(?:not interested|no longer interested)\b"
            r"|\b(?:good)?bye(?:[- ]bye)?\b"
            r"|\bi'?m (?:out|hanging up|leaving) now\b|\bout of time\b|\bhave no(?: more)? time\b|\b(?:not"
            r"|isn'?t) a good time\b"
            r"|\bplease stop\b",
        ),
        (
            Move.HURRY,
            r"\b(?:only|just|like|about|maybe)? ?(?:got|have) (?:only |just |like |about |maybe )*(?:a|one|two"
            r"|three|five|a few|a "
            r"couple of|ten) (?:minutes?|seconds?)\b|\bmake (?:it|this) (?:quick|short|fast)\b|\bin a (?:hurry"
            r"|rush)\b"
            r"|\bbe (?:quick|brief)\b|\bshort on time\b|\bnot much time\b|\bdon'?t have (?:much|a lot of|long)\b",
        ),
        (
            Move.HOLD,
            r"\b(?:hold|hang) on\b|\b(?:just )?(?:one|a|give me a|gimme a|half a) (?:second|sec|moment|minute"
            r"|tick|mo)\b(?! (?:to|of))"
            r"|\bbear with me\b|\bwait a\b|^(?:please )?wait\b|\blet me (?:just )?(?:check|look|think|see|ask"
            r"|grab|find)\b"
            r"|\bjust a (?:second|sec|moment|minute)\b|\bbe right back\b|" + INTERJECTING,
        ),
        (
            Move.WHO,
            r"\bwho(?:'s| is| are| am i) (?:this|that|you|calling|speaking|there|talking)\b|\bwhat'?s your"
            r" name\b|\b(?:are|is) "
            r"(?:you|this|it) (?:a |an |even |really |actually |some )*(?:robot|bot|ai|machine|human|person"
            r"|computer|real|recording)\b"
            r"|\bam i (?:talking|speaking) (?:to|with) (?:a|an|the)\b|\bwhat are you\b|\bwhich"
            r" company\b.*\b(?:from|you)\b"
            r"|\bwhere are you calling from\b|\bwho do you work for\b",
        ),
        (
            Move.RECORDED,
            r"\b(?:is|are|be|being|get|gets) (?:this|we|it|you|i|the call|everything)? ?(?:being |getting |all"
            r" )?(?:recorded|recording"
            r"|taped|listened to)\b|\byou recording\b|\bwho (?:hears|gets|sees|reads|listens|has access)\b"
            r"|\bwhat happens (?:to|with) "
            r"(?:this|the|my|that|all)\b|\bwhere (?:does|do|is|will) (?:this|it|the|my)\b.*\b(?:go|stored|saved"
            r"|kept)\b"
            r"|\b(?:data protection|gdpr)\b.*\?",
        ),
        (
            Move.LENGTH,
            r"\bhow (?:long|much time) (?:will|does|is|do)\b.*\b(?:take|this|going|need|last)\b|\bhow many"
            r" (?:more )?questions\b"
            r"|\b(?:are we|is it|is that|are you) (?:nearly |almost )?(?:done|finished|over)\s*\?|\bmuch longer\b",
        ),
        (
            Move.WHY,
            r"\bwhy (?:do|are|would|did) you (?:ask|asking|want|need|calling|call)\b|\bwhat(?:'s| is) this"
            r" (?:about|for|call)\b"
            r"|\bwhat do you (?:want|need) (?:that|this|it|from me)\b|\bwhy does that matter\b|\bwhat are you"
            r" selling\b",
        ),
    )
)

FILLERS = frozenset(
    """ah aha alright all right anyway bit cool er erm exactly fair enough fine go good got great ha hello hey"
    " hi hm hmm huh i if you like interesting it just let's mean mhm mm mmm nice now oh ok okay perfect please
    question really see so sorry start sure thank thanks that that's the there then um uh uh-huh very well wow yeah
    yep yes you're me think ahead for be lovely here ready when carry on continue i'm we're we can ask away begin
    guess it's was that'll do by better sounds too funny same you'd love bless know let""".split()
)
FILLER_WORDS = 8
POINTING = frozenset("me i you we now here it".split())
"""Alone, these answer who, where and when."""

DISSENT = re.compile(
    r"^\W*(?:(?:oh|well|um|uh|so|actually|sorry)\W+)*(?:no\b(?! (?:problem|worries|that's (?:fine|ok|good|all"
    r" right)|it's (?:fine|ok))"
    r"|,? (?:that's|it's|go))|not really\b|i'?d rather not\b|i don'?t (?:want|think so)\b|rather not\b)"
)

OPENINGS = r"^\W*(?:(?:and|but|so|okay|ok|well|um|uh|er|sorry|actually|also|wait|hey|oh)\W+)*"
ASKING = re.compile(
    OPENINGS
    + r"(?:what|which|who|when|where|why|how|can|could|do|does|did|is|are|was|were|will|would|should|has|have)\b"
)
ADDRESSED = re.compile(
    OPENINGS + r"(?:can|could|do|does|did|is|are|will|would|should|has|have) "
    r"(?:it|this|that|you|your|there|i|we|one|they|the|anyone|somebody|someone)\b"
)
INNER = re.compile(
    r"\b(?:can|could|does|do|will|would) (?:it|you|your \w+|this|that|the \w+)\b.*\?$|\b(?:what|how) about\b.*\?$"
)

WANTING_TO_KNOW = re.compile(
    OPENINGS + r"(?:please )?(?:(?:just )?tell (?:me|us)|(?:i|we)(?:'m| am| was|'re| are| were)(?: just)? wondering"
    r"|(?:i|we)(?:'d| would) (?:like|love|want|need) to (?:know|understand|hear|ask))"
    r" (?:what|which|who|when|where|why|how|whether|if)\b"
)


def move_of(clause: str) -> Move:
    text = clause.lower().replace("’", "'").strip()
    words = re.findall(r"[a-z0-9][a-z0-9'-]*", text)
    for move, pattern in PATTERNS:
        if len(words) <= LONGEST.get(move, 99) and pattern.search(text):
            return move
    if asks(text, len(words)):
        return Move.QUESTION
    if len(words) <= FILLER_WORDS and all(word in FILLERS for word in words) and not (words and set(words) <= POINTING):
        return Move.FILLER
    return Move.STATEMENT


def asks(text: str, count: int) -> bool:
    """True for a question to us; a rising voice at the end of an answer ("ten percent?") is none."""
    if count < 3:
        return False
    if WANTING_TO_KNOW.match(text):
        return True
    if text.endswith("?"):
        return bool(ASKING.match(text) or INNER.search(text))
    return count >= 4 and bool(ADDRESSED.match(text))


def is_dissent(text: str) -> bool:
    return bool(DISSENT.match(text.lower().replace("’", "'")))


def is_interjection(text: str) -> bool:
    """True when somebody asks for the floor, to say or ask something next."""
    return bool(re.search(INTERJECTING, text.lower().replace("’", "'")))
