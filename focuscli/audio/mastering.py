"""The word in a file's comment by which its maker says: it is at its target loudness already, leave its level alone.

Music that goes on from one file into the next must not be levelled file by file, or its own dynamics would be
taken away a step at a time. A stranger's file says nothing of the kind, and is measured and levelled.
"""

MASTERED = "mastered at its target loudness"
