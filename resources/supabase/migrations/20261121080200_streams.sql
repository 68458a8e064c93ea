-- Streams: every change of a shared row gets a number, in the order of the commits, no gaps.
--
-- One transaction takes one rev per stream it touches: its first logged change locks the
-- stream's row and adds 1, its later ones reuse that rev and count `seq`. The lock is held to
-- the end of the transaction, so the order of revs is the order of commits, and a reader who
-- sees rev n sees every rev below it.
--
-- Lock order. apply_ops and the other functions lock the stream first, business rows after.
-- Other writers (a dashboard, a job) lock the business row first, because nothing fires before
-- that lock with the branch known: a BEFORE ROW trigger comes after it, and a BEFORE STATEMENT
-- trigger would have to lock every branch's stream for one edit. Such an edit can therefore
-- deadlock with apply_ops on the same row. PostgreSQL then ends one of the two after a second
-- with 40P01; it rolls back whole, and asking again is safe. Writers who touch several rows can
-- avoid it by `select kds.lock_branch('<branch>')` first.

create table public.streams (
    stream_id text primary key,
    branch_id uuid not null,
    class text not null check (class in ('floor', 'office')),
    rev bigint not null default 0,
    floor_rev bigint not null default 0,
    epoch text not null default gen_random_uuid()::text,
    unique (branch_id, class)
) with (fillfactor = 50);

alter table public.streams enable row level security;
revoke all on public.streams from anon, authenticated;
grant select on public.streams to authenticated;
grant all on public.streams to service_role;
create policy "readers of the stream" on public.streams for select to authenticated using (
    branch_id = any ((select kds.my_branches())::uuid[])
    and (class = 'floor' or (select kds.my_role()) in ('pos', 'manager'))
);

create table kds.changes (
    stream_id text not null,
    rev bigint not null,
    seq integer not null,
    table_name text not null,
    pk text not null,
    op text not null check (op in ('I', 'U', 'D')),
    row jsonb,
    op_id text,
    at timestamptz not null default clock_timestamp(),
    primary key (stream_id, rev, seq)
);
alter table kds.changes enable row level security;

create function kds.add_streams() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    insert into public.streams (stream_id, branch_id, class)
    values
        ('floor:' || new.branch_id, new.branch_id, 'floor'),
        ('office:' || new.branch_id, new.branch_id, 'office')
    on conflict do nothing;
    return null;
end
$$;
create trigger add_streams after insert on public.branches
    for each row execute function kds.add_streams();

-- Locks the branch's streams, floor before office.
create function kds.lock_branch(branch uuid) returns void
language plpgsql set search_path = '' as $$
begin
    perform from public.streams where branch_id = branch order by class for no key update;
    if not found then
        raise sqlstate '42501' using message = 'There is no such branch.';
    end if;
end
$$;

-- Where this transaction stands in a stream, as "<rev>/<seq>"; empty before its first change.
-- A setting and not a variable or a table: it is rolled back with the subtransaction that set
-- it, exactly like the stream's row, and it costs no write.
create function kds.mark_of(stream text) returns text
language sql immutable as $$
    select 'kds_rev.' || translate(stream, ':-', '_')
$$;

create function kds.record_change(
    stream text, table_name text, pk text, op text, new_row jsonb
) returns void
language plpgsql set search_path = '' as $$
declare
    mark text := kds.mark_of(stream);
    place text := coalesce(current_setting(mark, true), '');
    this_rev bigint;
    this_seq integer;
begin
    if place = '' then
        update public.streams set rev = rev + 1 where stream_id = stream
        returning rev into this_rev;
        if not found then
            raise foreign_key_violation using message = 'There is no stream ' || stream || '.';
        end if;
        this_seq := 1;
    else
        this_rev := split_part(place, '/', 1)::bigint;
        this_seq := split_part(place, '/', 2)::integer + 1;
    end if;
    perform set_config(mark, this_rev || '/' || this_seq, true);
    insert into kds.changes (stream_id, rev, seq, table_name, pk, op, row, op_id)
    values (
        stream, this_rev, this_seq, table_name, pk, op, new_row,
        nullif(current_setting('kds.op_id', true), '')
    );
end
$$;

-- Logs whoever's change to a shared row. A row that is archived has left its stream: taking it
-- out is a D there, putting it back an I. So is moving a row to another id or branch.
create function kds.log_change() returns trigger
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    class text := tg_argv[0];
    before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    was text := case when before ->> 'archived_at' is null then before ->> 'id' end;
    is_now text := case when after ->> 'archived_at' is null then after ->> 'id' end;
    old_stream text := class || ':' || (before ->> 'branch_id');
    new_stream text := class || ':' || (after ->> 'branch_id');
begin
    if was = is_now and old_stream = new_stream then
        perform kds.record_change(new_stream, tg_table_name, is_now, 'U', after);
        return null;
    end if;
    if was is not null then
        perform kds.record_change(old_stream, tg_table_name, was, 'D', null);
    end if;
    if is_now is not null then
        perform kds.record_change(new_stream, tg_table_name, is_now, 'I', after);
    end if;
    return null;
end
$$;

create function kds.refuse_truncate() returns trigger
language plpgsql as $$
begin
    raise 'Delete the rows of % instead: terminals do not hear of a truncate.', tg_table_name;
end
$$;

create function kds.tables_of(class text) returns text[]
language sql immutable as $$
    select case class
        when 'floor' then array[
            'branches', 'stations', 'staff', 'devices', 'menu_items', 'modifiers', 'stock_items',
            'recipes', 'orders', 'order_lines'
        ]
        when 'office' then array['payments']
    end
$$;

do $$
declare
    class text;
    name text;
begin
    foreach class in array array['floor', 'office'] loop
        foreach name in array kds.tables_of(class) loop
            execute format(
                'create trigger log_change after insert or delete on public.%I '
                'for each row execute function kds.log_change(%L)', name, class
            );
            execute format(
                'create trigger log_update after update on public.%I '
                'for each row when (old.* is distinct from new.*) '
                'execute function kds.log_change(%L)', name, class
            );
            execute format(
                'create trigger refuse_truncate before truncate on public.%I '
                'execute function kds.refuse_truncate()', name
            );
        end loop;
    end loop;
end
$$;

-- Only our own functions call these.
revoke execute on all functions in schema kds from public;
grant execute on function kds.lock_branch to service_role;
