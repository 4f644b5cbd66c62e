//! Where symbolic links of a commit lead, without a checkout: a link's content is its target.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::Trouble;
use super::blobs::Blobs;
use super::listing::{Kind, Listed};
use crate::model::EvidencePath;

/// As many links one after the other as Linux follows (`path_resolution(7)`).
const MOST_LINKS: usize = 40;

type Why = fn(EvidencePath) -> Trouble;

const DANGLING: Why = |path| Trouble::DanglingLink { path };
const OUTSIDE: Why = |path| Trouble::LinkOutside { path };
const LOOP: Why = |path| Trouble::LinkLoop { path };

/// What is in an evidence folder, by paths below it.
pub(super) struct Links<'a> {
    files: BTreeMap<&'a [u8], &'a Listed>,
    folders: BTreeSet<&'a [u8]>,
}

impl<'a> Links<'a> {
    pub(super) fn new(inside: &'a [Listed], prefix: &[u8]) -> Self {
        let files: BTreeMap<&[u8], &Listed> = inside.iter().map(|one| (one.below(prefix), one)).collect();
        let folders = files.keys().flat_map(|path| super::upward(path).into_iter().skip(1)).collect();
        Self { files, folders }
    }

    /// The id of the file that a link leads to; None where it leads to a folder beside it.
    pub(super) fn target(&self, link: &[u8], blobs: &Blobs) -> Result<Option<&'a str>, Why> {
        let mut at: Vec<Vec<u8>> = Vec::new();
        let mut to_go: VecDeque<Vec<u8>> = parts(link).collect();
        let mut links = 0;
        while let Some(part) = to_go.pop_front() {
            match &part[..] {
                b"" | b"." => continue,
                b".." => {
                    at.pop().ok_or(OUTSIDE)?;
                    continue;
                }
                _ => at.push(part),
            }
            let path = at.join(&b'/');
            match self.files.get(&path[..]) {
                Some(Listed { kind: Kind::Link, id, .. }) => {
                    links += 1;
                    let target = blobs.content(id).map_err(|_| DANGLING)?;
                    if links > MOST_LINKS || target.is_empty() {
                        return Err(DANGLING);
                    }
                    if target.starts_with(b"/") {
                        return Err(OUTSIDE);
                    }
                    at.pop();
                    for part in parts(&target).rev() {
                        to_go.push_front(part);
                    }
                }
                Some(listed) if to_go.is_empty() => {
                    return Ok(matches!(listed.kind, Kind::File { .. }).then_some(&listed.id));
                }
                None if self.folders.contains(&path[..]) => {}
                _ => return Err(DANGLING),
            }
        }
        let folder = at.join(&b'/');
        if super::upward(link).contains(&&folder[..]) { Err(LOOP) } else { Ok(None) }
    }
}

fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = Vec<u8>> {
    path.split(|byte| *byte == b'/').map(<[u8]>::to_vec)
}
