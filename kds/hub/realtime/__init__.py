"""The hub's Realtime server: channels, broadcast, presence and database changes.

It answers as a Supabase Realtime server does wherever a client could tell the difference.
"""
