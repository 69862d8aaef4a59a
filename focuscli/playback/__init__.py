"""From signed URLs to sound: fetch, decode, level, crossfade, limit, play."""
