"""The faults for which a publication is refused. Pure."""

from collections.abc import Collection, Iterable

from policies.library.checking import Fault, FaultKind, check_policy, faults_of_the_whole
from policies.library.library import Library
from policies.library.models import Department, Policy, TrackList


def check_publication(
    before: Library,
    after: Library,
    touched: Collection[int | str],
    tracks: TrackList,
    departments: Collection[Department],
) -> tuple[Fault, ...]:
    """Return the faults for which a publication is refused.

    These are all faults of what changes, and new faults elsewhere. An old fault of another clause does not count, so
    that it cannot block the correction of this one. By itself a clause that stays has the faults that it had, so only
    the clauses that change are checked by themselves.

    Args:
        before: what is public now.
        after: what would be public then.
        touched: keys of the clauses that change, and ids of the documents whose surroundings do.
        tracks: the tracks people can follow now.
        departments: the directory.
    """
    old = frozenset(faults_of_the_whole(before))
    found = [
        fault
        for fault in faults_of_the_whole(after)
        if fault not in old or (fault.document if fault.clause is None else fault.clause) in touched
    ]
    track_ids = {track.id for track in tracks.tracks}
    names = {department.name for department in departments}
    may_lack: dict[str, frozenset[FaultKind]] = {}
    for key in sorted(one for one in touched if isinstance(one, int)):
        if policy := after.get(key):
            faults = new_faults(policy, before.get(key), track_ids, names, after.name(policy))
            if policy.document not in may_lack:
                document = before.document(policy.document)
                may_lack[policy.document] = excused(document.policies if document else ())
            found += [fault for fault in faults if fault.kind not in may_lack[policy.document]]
    return tuple(found)


def excused(policies: Iterable[Policy]) -> frozenset[FaultKind]:
    """Return what a clause of a document may lack (basis, department), because not all its clauses print one.

    Args:
        policies: the document's published clauses; none if it is new.
    """
    held = tuple(policies)
    lacking = {
        FaultKind.NO_BASIS: any(not one.basis for one in held),
        FaultKind.NO_DEPARTMENT: any(not one.departments for one in held),
    }
    return frozenset(kind for kind, some in lacking.items() if some or not held)


def new_faults(
    policy: Policy,
    before: Policy | None,
    track_ids: Collection[str],
    department_names: Collection[str],
    name: str,
) -> tuple[Fault, ...]:
    """Return the faults of a clause by itself. What is missing of it in public already does not stop a correction."""
    faults = check_policy(policy, track_ids, department_names, name)
    if before is None or not any(fault.incomplete for fault in faults):
        return faults
    public = check_policy(before, track_ids, department_names, name)
    return tuple(one for one in faults if not one.incomplete or one not in public)
