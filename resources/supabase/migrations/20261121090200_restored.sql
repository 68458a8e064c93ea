-- After a database came back from a backup: every stream gets a new epoch, so that terminals
-- which saw what the backup does not have start from a snapshot and send again what they still
-- know. To be run once, by hand, before the terminals are let in: select kds.new_epoch();
create function kds.new_epoch() returns void
language sql set search_path = '' as $$
    update public.streams set epoch = gen_random_uuid()::text
$$;
revoke execute on function kds.new_epoch from public;
