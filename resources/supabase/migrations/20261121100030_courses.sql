-- Courses wait until they are fired: the twin of kds/domain/verbs/courses.py. A line that is
-- held is neither begun nor ready, so its state is "sent" (or "void").

-- `lines`, which are new in the order: some are held, some of the others begun later.
create function kds.paced(
    op kds.op_context, target public.orders, lines public.order_lines[]
) returns public.order_lines[]
language plpgsql stable set search_path = '' as $$
declare
    lowest integer;
    waiting integer[];
    delay integer;
begin
    if target.pacing <> 'at_once' then
        select
            least(min(l.course), (select min(n.course) from unnest(lines) n)),
            array_agg(l.course) filter (where l.held)
        into lowest, waiting
        from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = target.id
            and l.state in ('sent', 'started');
        for n in 1 .. cardinality(lines) loop
            lines[n].held := lines[n].course > lowest
                or lines[n].course = any (coalesce(waiting, '{}'));
        end loop;
    end if;
    for n in 1 .. case when target.together then cardinality(lines) else 0 end loop
        select max(l.prep_s) - lines[n].prep_s into delay from unnest(lines) l
        where l.course = lines[n].course and not l.held;
        -- What nobody knows the time of is begun at once: early is better than late.
        if not lines[n].held and lines[n].prep_s > 0 and delay > 0 then
            lines[n].fire_at := op.at + make_interval(secs => delay);
        end if;
    end loop;
    return lines;
end
$$;

-- Fires what is held of a course; of every course when it is null.
create function kds.fire_lines(op kds.op_context, target public.orders, of_course integer)
returns void
language sql set search_path = '' as $$
    update public.order_lines l set
        held = false,
        fire_at = op.at + make_interval(
            secs => case
                when target.together and l.prep_s > 0 then together.longest - l.prep_s else 0
            end
        )
    from (
        select h.course, max(h.prep_s) as longest from public.order_lines h
        where h.branch_id = op.branch_id and h.order_id = target.id
            and h.held and h.state = 'sent'
        group by h.course
    ) together
    where l.branch_id = op.branch_id and l.order_id = target.id
        and l.held and l.state = 'sent' and l.course = together.course
        and (of_course is null or l.course = of_course)
$$;

-- Lines of the courses `done` have just been finished: the next course may be due. Only by what
-- is finished before it: a first course that somebody holds by hand stays held.
create function kds.fire_next(op kds.op_context, target public.orders, done integer[])
returns void
language plpgsql set search_path = '' as $$
declare
    due integer;
begin
    if target.pacing <> 'auto' then
        return;
    end if;
    select min(l.course) into due from public.order_lines l
    where l.branch_id = op.branch_id and l.order_id = target.id
        and l.held and l.state = 'sent';
    if due > any (done) and not exists (
        select from public.order_lines l
        where l.branch_id = op.branch_id and l.order_id = target.id
            and l.state in ('sent', 'started') and l.course < due
    ) then
        perform kds.fire_lines(op, target, due);
    end if;
end
$$;

create function kds.course_arg(args jsonb) returns integer
language plpgsql immutable set search_path = '' as $$
begin
    if coalesce(args -> 'course', 'null') = 'null' then
        return null;
    end if;
    return kds.integer_arg(args, 'course');
end
$$;

create function kds.fire(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
begin
    perform kds.fire_lines(op, target, kds.course_arg(args));
end
$$;

create function kds.hold(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    target public.orders := kds.find_order(op, args);
    of_course integer := kds.course_arg(args);
begin
    update public.order_lines l set held = true, fire_at = null
    where l.branch_id = op.branch_id and l.order_id = target.id
        and l.state = 'sent' and not l.held
        and (of_course is null or l.course = of_course);
end
$$;

revoke execute on all functions in schema kds from public;
