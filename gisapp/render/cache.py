"""What was prepared for drawing, kept as long as that is there which it was made from."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from gisapp.render.cache_size import bytes_of
from gisapp.render.kept_images import KeptImages
from gisapp.render.tiles import Tiles

T = TypeVar("T")
#: Variants of one thing together take no more bytes than this, but for the newest.
MOST_BYTES = 256 * 2**20
Key = tuple[Hashable, ...]


class _Slot:
    """One prepared value, made by whoever asks first while others wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ready = False
        self.value: Any = None
        self.bytes = 0


class _Family:
    """The variants of one thing (zoom bands, say) made from the same owners."""

    def __init__(self, owners: tuple[object, ...], gone: Callable[[object], None]) -> None:
        self.owners = tuple(weakref.ref(owner, gone) for owner in owners)
        self.slots: OrderedDict[Hashable, _Slot] = OrderedDict()

    def is_of(self, owners: tuple[object, ...]) -> bool:
        return all(ref() is owner for ref, owner in zip(self.owners, owners, strict=True))


class Cache:
    """Prepared geometry and indexes by the identity of what they were made from; any thread.

    Nothing here keeps a layer alive: once one of the owners is gone, what was made from it goes
    too. A value is made once; threads that ask for it meanwhile wait. If making it raises, as
    when it was cancelled, nothing is kept and the next to ask makes it anew.
    """

    def __init__(self) -> None:
        #: Pictures of base maps, which are loaded and kept in another way.
        self.tiles = Tiles()
        #: Parts of pictures that stay the same while rows are filtered.
        self.images = KeptImages()
        self._lock = threading.Lock()
        self._families: dict[Key, _Family] = {}
        # Filled by the garbage collector at any moment, so without the lock.
        self._dead: deque[Key] = deque()

    def get(
        self,
        owners: tuple[object, ...],
        name: str,
        variant: Hashable,
        make: Callable[[], T],
        keep: int = 4,
    ) -> T:
        """The value called `name` made from `owners`, in a variant; the last `keep` are kept.

        Where those are large, fewer are: together no more than `MOST_BYTES`.

        `owners` are objects that can be weakly referenced and never change.
        """
        slot = self._slot(owners, name, variant, keep)
        with slot.lock:
            if not slot.ready:
                slot.value = make()
                slot.bytes = bytes_of(slot.value)
                slot.ready = True
                self._make_room(owners, name)
            return cast(T, slot.value)

    def known(self, owners: tuple[object, ...], name: str, variant: Hashable) -> object | None:
        """What `get` would give at once; None where it has still to be made."""
        with self._lock:
            family = self._families.get((name, *map(id, owners)))
            if family is None or not family.is_of(owners):
                return None
            slot = family.slots.get(variant)
        return slot.value if slot is not None and slot.ready else None

    @property
    def size(self) -> int:
        """How many families of values are kept."""
        with self._lock:
            self._bury()
            return len(self._families)

    def clear(self) -> None:
        with self._lock:
            self._families.clear()

    def _slot(self, owners: tuple[object, ...], name: str, variant: Hashable, keep: int) -> _Slot:
        key: Key = (name, *map(id, owners))
        with self._lock:
            self._bury()
            family = self._families.get(key)
            # An id can be used again by another object: only the reference itself tells.
            if family is None or not family.is_of(owners):
                family = _Family(owners, lambda _: self._dead.append(key))
                self._families[key] = family
            slot = family.slots.setdefault(variant, _Slot())
            family.slots.move_to_end(variant)
            while len(family.slots) > keep:
                family.slots.popitem(last=False)
            return slot

    def _make_room(self, owners: tuple[object, ...], name: str) -> None:
        """Let the oldest variants go while all of them take too many bytes."""
        with self._lock:
            family = self._families.get((name, *map(id, owners)))
            if family is None:
                return
            taken = sum(slot.bytes for slot in family.slots.values())
            while taken > MOST_BYTES and len(family.slots) > 1:
                taken -= family.slots.popitem(last=False)[1].bytes

    def _bury(self) -> None:
        while self._dead:
            family = self._families.get(key := self._dead.popleft())
            if family is not None and any(ref() is None for ref in family.owners):
                del self._families[key]
