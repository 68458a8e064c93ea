"""What a client may expect of a back end, asked of any: the hub, a Supabase, another server."""
