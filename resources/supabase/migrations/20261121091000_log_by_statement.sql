-- Changes are logged a statement at a time: an order that takes eight stock items with it is
-- three statements and twelve changes, and each of the three costs as much as a change did.
--
-- What is logged is what the row triggers logged: a row that is archived has left its stream, so
-- taking it out is a D there and putting it back an I; so is moving a row to another id or
-- branch. Rows come in the order in which the statement touched them; those that have left come
-- before all others. (What a cascade does to lines and payments is logged before the order.)

create type kds.row_change as (stream_id text, pk text, op text, new_row jsonb);

-- Writes down what one statement did. Its streams are locked in the order of their ids.
create function kds.record_changes(of_table text, changes kds.row_change[]) returns void
language plpgsql set search_path = '' as $$
declare
    stream text;
    wanted integer;
    mark text;
    place text;
    this_rev bigint;
    used integer;
begin
    for stream, wanted in
        select c.stream_id, count(*) from unnest(changes) c group by 1 order by 1
    loop
        mark := kds.mark_of(stream);
        place := coalesce(current_setting(mark, true), '');
        if place = '' then
            update public.streams s set rev = s.rev + 1 where s.stream_id = stream
            returning s.rev into this_rev;
            if not found then
                raise foreign_key_violation using message = 'There is no stream ' || stream || '.';
            end if;
            used := 0;
        else
            this_rev := split_part(place, '/', 1);
            used := split_part(place, '/', 2);
        end if;
        perform set_config(mark, this_rev || '/' || used + wanted, true);
        insert into kds.changes (stream_id, rev, seq, table_name, pk, op, row, op_id)
        select
            stream, this_rev, used + row_number() over (order by c.place), of_table, c.pk, c.op,
            c.new_row, nullif(current_setting('kds.op_id', true), '')
        from unnest(changes) with ordinality c (stream_id, pk, op, new_row, place)
        where c.stream_id = stream;
    end loop;
end
$$;

-- The one argument is the class of the table's streams.
create function kds.log_statement() returns trigger
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    class text := tg_argv[0];
    changes kds.row_change[];
begin
    case tg_op
        when 'INSERT' then
            changes := array(
                select row(class || ':' || (r ->> 'branch_id'), r ->> 'id', 'I', r)::kds.row_change
                from (select to_jsonb(n) from new_rows n) as rows (r)
                where r ->> 'archived_at' is null
            );
        when 'DELETE' then
            changes := array(
                select
                    row(class || ':' || (r ->> 'branch_id'), r ->> 'id', 'D', null)::kds.row_change
                from (select to_jsonb(o) from old_rows o) as rows (r)
                where r ->> 'archived_at' is null
            );
        else
            changes := array(
                with was as (
                    select class || ':' || (r ->> 'branch_id') as stream_id, r ->> 'id' as pk, r
                    from (select to_jsonb(o) from old_rows o) as rows (r)
                    where r ->> 'archived_at' is null
                ), is_now as (
                    select class || ':' || (r ->> 'branch_id') as stream_id, r ->> 'id' as pk, r, n
                    from (
                        select to_jsonb(n), row_number() over () from new_rows n
                    ) as rows (r, n)
                    where r ->> 'archived_at' is null
                )
                select row(
                    stream_id, pk,
                    case when was.r is null then 'I' when is_now.r is null then 'D' else 'U' end,
                    is_now.r
                )::kds.row_change
                from was full join is_now using (stream_id, pk)
                where was.r is distinct from is_now.r
                order by is_now.n nulls first
            );
    end case;
    if changes <> '{}' then
        perform kds.record_changes(tg_table_name, changes);
    end if;
    return null;
end
$$;

-- Makes a table of `public` a shared one: its changes are logged in the streams of the class.
create function kds.log_table(name text, class text) returns void
language plpgsql set search_path = '' as $$
begin
    execute format(
        'create trigger log_insert after insert on public.%I referencing new table as new_rows '
        'for each statement execute function kds.log_statement(%L)', name, class
    );
    execute format(
        'create trigger log_update after update on public.%I '
        'referencing old table as old_rows new table as new_rows '
        'for each statement execute function kds.log_statement(%L)', name, class
    );
    execute format(
        'create trigger log_delete after delete on public.%I referencing old table as old_rows '
        'for each statement execute function kds.log_statement(%L)', name, class
    );
end
$$;

do $$
declare
    class text;
    name text;
begin
    foreach class in array array['floor', 'office'] loop
        foreach name in array kds.tables_of(class) loop
            execute format('drop trigger log_change on public.%I', name);
            execute format('drop trigger log_update on public.%I', name);
            perform kds.log_table(name, class);
        end loop;
    end loop;
end
$$;
drop function kds.log_change;
drop function kds.record_change;

revoke execute on function kds.record_changes, kds.log_statement, kds.log_table from public;
