"""The music room: from a session's parameters to frames, without a clock, a file or a thread."""

from focuscli.music.one_thread import settle

settle()
