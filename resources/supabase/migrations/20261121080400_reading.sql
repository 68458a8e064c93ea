-- What terminals read: changes since a cursor, a whole snapshot, a checksum to prove
-- completeness. All are STABLE: one call sees one moment, however many tables it reads.

-- Raises unless the caller may read the stream; returns it.
create function kds.open_stream(stream text) returns public.streams
language plpgsql stable set search_path = '' as $$
declare
    found_stream public.streams;
begin
    if kds.may_read(stream) then
        select * into found_stream from public.streams s where s.stream_id = stream;
    end if;
    if found_stream.stream_id is null then
        raise sqlstate '42501' using message = 'This account may not read ' || stream || '.';
    end if;
    return found_stream;
end
$$;

-- Up to max_rows changes after a cursor, whole transactions only: a transaction that is larger
-- than max_rows comes alone and whole.
create function kds.changes_after(stream public.streams, after_rev bigint, max_rows integer)
returns jsonb
language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
    first_left_out bigint;
    through bigint := stream.rev;
    rows jsonb;
begin
    select c.rev into first_left_out from kds.changes c
    where c.stream_id = stream.stream_id and c.rev > after_rev
    order by c.rev, c.seq offset max_rows limit 1;
    if found then
        through := greatest(first_left_out - 1, after_rev + 1);
    end if;
    select jsonb_agg(kds.row_of(c) order by c.rev, c.seq) into rows from kds.changes c
    where c.stream_id = stream.stream_id and c.rev > after_rev and c.rev <= through;
    return jsonb_build_object('through_rev', through, 'rows', coalesce(rows, '[]'));
end
$$;

create function public.changes_since(cursors jsonb, max_rows integer default 1000) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $$
declare
    name text;
    cursor_at jsonb;
    stream public.streams;
    answer jsonb;
    streams jsonb := '{}';
    from_rev bigint;
begin
    if jsonb_typeof(cursors) is distinct from 'object' then
        raise invalid_parameter_value using message = 'cursors must be {stream: {epoch, rev}}';
    end if;
    for name, cursor_at in select * from jsonb_each(cursors) loop
        stream := kds.open_stream(name);
        from_rev := (cursor_at ->> 'rev')::bigint;
        if from_rev between stream.floor_rev and stream.rev
            and cursor_at ->> 'epoch' = stream.epoch
        then
            answer := kds.changes_after(stream, from_rev, greatest(1, least(max_rows, 10000)))
                || '{"reset": false}';
        else
            answer := jsonb_build_object(
                'through_rev', stream.rev, 'rows', '[]'::jsonb, 'reset', true
            );
        end if;
        streams := streams || jsonb_build_object(name, answer || jsonb_build_object(
            'epoch', stream.epoch, 'head', stream.rev, 'floor', stream.floor_rev
        ));
    end loop;
    return jsonb_build_object('server_time', clock_timestamp(), 'streams', streams);
end
$$;

-- The shared rows of a table: all of a branch, without what is archived.
create function kds.shared_rows(name text, branch uuid) returns setof jsonb
language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
    in_window text := case
        when name in ('orders', 'order_lines', 'payments') then 'and archived_at is null'
        else ''
    end;
begin
    return query execute format(
        'select to_jsonb(t) from public.%I t where branch_id = $1 %s', name, in_window
    ) using branch;
end
$$;

create function public.snapshot(streams text[]) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $$
declare
    name text;
    stream public.streams;
    tables jsonb;
    answers jsonb := '{}';
begin
    foreach name in array streams loop
        stream := kds.open_stream(name);
        select jsonb_object_agg(t, (
            select coalesce(jsonb_agg(r), '[]') from kds.shared_rows(t, stream.branch_id) r
        )) into tables
        from unnest(kds.tables_of(stream.class)) t;
        answers := answers || jsonb_build_object(name, jsonb_build_object(
            'epoch', stream.epoch, 'rev', stream.rev, 'tables', tables
        ));
    end loop;
    return jsonb_build_object('server_time', clock_timestamp(), 'streams', answers);
end
$$;

-- Per table the number of rows and the sum of the first 48 bits of each row's md5: the order
-- of rows does not matter, and both sides can compute it row by row.
create function public.checksum(stream text) returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC' as $$
declare
    opened public.streams := kds.open_stream(stream);
    tables jsonb;
begin
    select jsonb_object_agg(t, (
        select jsonb_build_object(
            'rows', count(*),
            'sum', coalesce(
                sum(('x' || substr(md5(r::text), 1, 12))::bit(48)::bigint), 0
            )::text
        )
        from kds.shared_rows(t, opened.branch_id) r
    )) into tables
    from unnest(kds.tables_of(opened.class)) t;
    return jsonb_build_object(
        'server_time', clock_timestamp(),
        'epoch', opened.epoch, 'rev', opened.rev, 'tables', tables
    );
end
$$;

revoke execute on function kds.open_stream, kds.changes_after, kds.shared_rows from public;
revoke execute on function public.changes_since, public.snapshot, public.checksum
    from public, anon;
grant execute on function public.changes_since, public.snapshot, public.checksum
    to authenticated, service_role;
