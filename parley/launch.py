"""Run by path, in front of a child process: it becomes another user if it is to, arranges to die with its parent, and
then becomes the program itself.

Not a preexec_fn: that would run in a copy of the parent between fork and exec, and where the parent has threads of
its own (LiveKit's, onnxruntime's) the copy may wait for ever for a lock that one of them held. It knows the standard
library only, since it starts without site-packages.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1
CANNOT_START = 127  # as shells have it


def main(parent: str, death_signal: str, user: str, *command: str) -> None:
    """`user`: empty, or a system user. The kernel sends the signal when the *thread* that started us ends."""
    if user:
        known = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(known.pw_gid)
        os.setuid(known.pw_uid)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)  # after the user: a change of user clears it
    if os.getppid() != int(parent):
        sys.exit(1)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be started: {error.strerror}\n")
        sys.exit(CANNOT_START)


main(*sys.argv[1:])
