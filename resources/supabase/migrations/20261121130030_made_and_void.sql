-- The twin of `voided` in kds/domain/verbs/lines.py. As before, but a station that has made its part
-- knows of the line also when one before it has called its own part back.
create or replace function kds.voided(line public.order_lines, reason text, at timestamptz)
returns public.order_lines
language plpgsql stable set search_path = '' as $$
declare
    after public.order_lines := line;
begin
    after.state := 'void';
    after.voided_at := at;
    after.void_reason := reason;
    if line.state in ('sent', 'started') or line.flag <> '' then
        after := kds.flagged(after, 'void', at);
        after.seen_by := coalesce((
            select jsonb_agg(s -> 'station_id' order by s ->> 'station_id' collate "C")
            from jsonb_array_elements(line.route) s
            where s ->> 'state' <> 'ready' and (s -> 'stage')::integer > kds.turn_of(line.route)
        ), '[]');
    end if;
    return after;
end
$$;
