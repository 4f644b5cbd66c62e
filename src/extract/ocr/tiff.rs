//! The pages of a TIFF: each has a directory, and the header names the first (TIFF 6.0, section 2).

use std::borrow::Cow;
use std::collections::BTreeSet;

/// Width and height of the first page, by tags 256 and 257 of its directory.
pub(super) fn size(picture: &[u8]) -> Option<(u32, u32)> {
    let tiff = Tiff::of(picture)?;
    let first = tiff.long(FIRST)?;
    Some((tiff.tag(first, 256)?, tiff.tag(first, 257)?))
}

/// Each page as a picture of its own, for readers that know of the first alone: the same bytes with a
/// header that names its directory. At most `most`; one of anything that is no such picture.
pub(super) fn pages(picture: &[u8], most: usize) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let tiff = Tiff::of(picture);
    let directories = tiff.as_ref().map(|tiff| tiff.directories(most)).unwrap_or_default();
    let whole = directories.is_empty().then_some(Cow::Borrowed(picture));
    let page = move |directory: [u8; 4]| {
        let mut page = picture.to_vec();
        page[FIRST..FIRST + 4].copy_from_slice(&directory);
        Cow::Owned(page)
    };
    directories.into_iter().map(page).chain(whole)
}

/// Where the header names the first directory.
const FIRST: usize = 4;

struct Tiff<'a> {
    bytes: &'a [u8],
    is_little: bool,
}

impl<'a> Tiff<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let is_little = bytes.starts_with(b"II*\0");
        ((is_little || bytes.starts_with(b"MM\0*")) && bytes.len() >= FIRST + 4).then_some(Self { bytes, is_little })
    }

    /// Where the pages' directories are, as the file writes it.
    fn directories(&self, most: usize) -> Vec<[u8; 4]> {
        let mut seen = BTreeSet::new(); // a chain may bite its tail
        let mut directories = Vec::new();
        let mut next = self.long(FIRST);
        while let Some(at) = next.filter(|at| *at > 0 && directories.len() < most && seen.insert(*at)) {
            directories.push(if self.is_little { at.to_le_bytes() } else { at.to_be_bytes() });
            next = self.next(at);
        }
        directories
    }

    fn long(&self, at: usize) -> Option<u32> {
        let four = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let two = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn tag(&self, directory: u32, wanted: u16) -> Option<u32> {
        let directory = usize::try_from(directory).ok()?;
        let mut entries = (0..usize::from(self.short(directory)?)).map(|index| directory + 2 + 12 * index);
        let entry = entries.find(|entry| self.short(*entry) == Some(wanted))?;
        // Field type 3 is 16 bits wide and stands at the front of its four bytes.
        if self.short(entry + 2)? == 3 { self.short(entry + 8).map(u32::from) } else { self.long(entry + 8) }
    }

    /// Behind a directory's entries stands where the next one is, or 0.
    fn next(&self, directory: u32) -> Option<u32> {
        let directory = usize::try_from(directory).ok()?;
        self.long(directory + 2 + 12 * usize::from(self.short(directory)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pages of these widths, whose second directory leads back to the first where it `loops`.
    fn two_pages(is_little: bool, loops: bool) -> Vec<u8> {
        let long = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let short = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
        let tag = |tag: u16, value: u32| [&short(tag)[..], &short(4), &long(1), &long(value)].concat();
        let directory = |width: u32, next: u32| [&short(2)[..], &tag(256, width), &tag(257, 100), &long(next)].concat();
        let head: &[u8] = if is_little { b"II*\0" } else { b"MM\0*" };
        [head, &long(8), &directory(200, 38), &directory(300, if loops { 8 } else { 0 })].concat()
    }

    #[test]
    fn each_page_is_a_picture() {
        for is_little in [true, false] {
            for loops in [true, false] {
                let picture = two_pages(is_little, loops);
                let sizes: Vec<_> = pages(&picture, 10).map(|page| size(&page)).collect();
                assert_eq!(sizes, [Some((200, 100)), Some((300, 100))], "{is_little} {loops}");
                assert_eq!(pages(&picture, 1).count(), 1);
            }
        }
        for other in [&b"\x89PNG"[..], b"II*\0", b"II*\0\0\0\0\0", b"II*\0\xff\xff\0\0"] {
            assert_eq!(pages(other, 10).collect::<Vec<_>>(), [other], "{other:?}");
        }
        assert_eq!(size(b"II*\0"), None);
    }
}
