-- A poke tells the terminals at commit that a stream has moved, with the rows when they are
-- small: {stream, epoch, rev, rows?} on the private topic `stream:<stream id>`. It is a hint;
-- nothing depends on its arrival.
--
-- One poke a transaction. A backlog goes through apply_ops in batches of up to 50 ops, and each
-- batch is one transaction, so a till that comes back from an outage does not flood the rest.

create function kds.row_of(change kds.changes) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'rev', change.rev, 'seq', change.seq, 'table', change.table_name, 'pk', change.pk,
        'op', change.op, 'row', change.row, 'op_id', change.op_id, 'at', change.at
    )
$$;

create function kds.send_poke() returns trigger
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    max_bytes constant integer := 65536;
    max_rows constant integer := 500; -- more never fit, so they are not even gathered
    mark text := kds.mark_of(new.stream_id);
    changed integer := nullif(split_part(current_setting(mark, true), '/', 2), '')::integer;
    poke jsonb := jsonb_build_object(
        'stream', new.stream_id, 'epoch', new.epoch, 'rev', new.rev
    );
    rows jsonb;
begin
    if changed <= max_rows then
        select jsonb_agg(kds.row_of(c) order by c.seq) into rows
        from kds.changes c
        where c.stream_id = new.stream_id and c.rev = new.rev;
        if octet_length(rows::text) <= max_bytes then
            poke := poke || jsonb_build_object('rows', rows);
        end if;
    end if;
    -- Should the transaction go on after this (set constraints immediate), what follows is a
    -- new rev with its own poke, which then comes too early to know its rows: a rev whose rows
    -- were sent is complete.
    perform set_config(mark, '', true);
    perform realtime.send(poke, 'poke', 'stream:' || new.stream_id, true);
    return null;
end
$$;

create constraint trigger poke after update on public.streams
    deferrable initially deferred
    for each row when (old.rev is distinct from new.rev)
    execute function kds.send_poke();

create policy "terminals hear their streams" on realtime.messages for select to authenticated
using (
    extension = 'broadcast'
    and (select realtime.topic()) like 'stream:%'
    and kds.may_read(substr((select realtime.topic()), length('stream:') + 1))
);

create policy "members meet in their branch" on realtime.messages for select to authenticated
using (
    extension in ('broadcast', 'presence')
    and (select realtime.topic()) like 'branch:%'
    and substr((select realtime.topic()), length('branch:') + 1)
        = any ((select kds.my_branches())::text[])
);

create policy "members speak in their branch" on realtime.messages for insert to authenticated
with check (
    extension in ('broadcast', 'presence')
    and (select realtime.topic()) like 'branch:%'
    and substr((select realtime.topic()), length('branch:') + 1)
        = any ((select kds.my_branches())::text[])
);

alter publication supabase_realtime add table
    public.streams, public.orders, public.order_lines, public.stock_items, public.menu_items;

revoke execute on function kds.row_of, kds.send_poke from public;
