-- The log, cheaper. What it says is as before.
--
-- A condition of a trigger and a check of a table are read anew by every statement, which costs
-- more here than what they decide: one trigger a table, which looks for itself, and no check where
-- one function writes.

alter table kds.changes drop constraint changes_op_check;

-- As before, but the row before is written out only where it is all that there is. (A table
-- without a window has no `archived_at`, and then nothing asks for it.)
create or replace function kds.log_change() returns trigger
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    class text := tg_argv[0];
    after jsonb;
    was text;
    is_now text;
begin
    if tg_op = 'UPDATE' and old is not distinct from new then
        return null;
    end if;
    if tg_op <> 'DELETE' then
        after := to_jsonb(new);
        is_now := case when after ->> 'archived_at' is null then new.id end;
    end if;
    if tg_op = 'DELETE' then
        was := case when to_jsonb(old) ->> 'archived_at' is null then old.id end;
    elsif tg_op = 'UPDATE' then
        was := old.id;
        if after ? 'archived_at' then
            was := case when old.archived_at is null then old.id end;
        end if;
        if was = is_now and old.branch_id = new.branch_id then
            perform kds.record_change(
                class || ':' || new.branch_id, tg_table_name, is_now, 'U', after
            );
            return null;
        end if;
    end if;
    if was is not null then
        perform kds.record_change(class || ':' || old.branch_id, tg_table_name, was, 'D', null);
    end if;
    if is_now is not null then
        perform kds.record_change(class || ':' || new.branch_id, tg_table_name, is_now, 'I', after);
    end if;
    return null;
end
$$;

-- As before. Without settings of its own: who calls it has made them.
create or replace function kds.record_change(
    stream text, table_name text, pk text, op text, new_row jsonb
) returns void
language plpgsql as $$
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
        this_rev := split_part(place, '/', 1);
        this_seq := split_part(place, '/', 2)::integer + 1;
    end if;
    place := set_config(mark, this_rev || '/' || this_seq, true);
    insert into kds.changes (stream_id, rev, seq, table_name, pk, op, row, op_id)
    values (
        stream, this_rev, this_seq, table_name, pk, op, new_row,
        nullif(current_setting('kds.op_id', true), '')
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
            execute format('drop trigger log_update on public.%I', name);
            execute format(
                'create or replace trigger log_change after insert or update or delete '
                'on public.%I for each row execute function kds.log_change(%L)', name, class
            );
        end loop;
    end loop;
end
$$;

revoke execute on all functions in schema kds from public;
