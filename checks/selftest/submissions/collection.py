"""All of them, in the order in which they are handed in."""

from checks.selftest.submissions.answers import ANSWERS
from checks.selftest.submissions.cheats import CHEATS
from checks.selftest.submissions.clumsy import CLUMSY
from checks.selftest.submissions.files import FILES
from checks.selftest.submissions.hostile import HOSTILE
from checks.selftest.submissions.trespassers import TRESPASSERS

SUBMISSIONS = (*CLUMSY, *FILES, *HOSTILE, *TRESPASSERS, *CHEATS, *ANSWERS)
