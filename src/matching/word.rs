//! A person's word about a file: which materials it is, and which it shows whole.
//!
//! A word goes before every sign, but cannot put text into a file: what somebody only named is
//! searched for items like any other document. Start reading at [`heed`].

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::document::Place;
use crate::model::pack::{Material, MaterialRef, Pack, Structure};

use super::items::{self, Scope};
use super::recognise::{self, Signal, Strength};
use super::view::View;
use super::{Candidate, FoundItem};

/// What evlint.json says of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Word {
    /// Materials that the file is.
    pub told: Vec<MaterialRef>,
    /// Materials that a person found in this very content, with every item.
    pub confirmed: Vec<Confirmed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Confirmed {
    pub material: MaterialRef,
    pub by: String,
    pub on: Date,
}

/// Makes candidates of what people say; `view` is None where the file could not be read.
pub(super) fn heed(pack: &Pack, word: &Word, view: Option<&View>, candidates: &mut Vec<Candidate>) {
    let search = |material: &Material| -> Vec<FoundItem> {
        let first = |item| items::find(view?, &pack.vocabulary, item, &Scope::of(material)).into_iter().next();
        material
            .items
            .iter()
            .map(|item| FoundItem { shown: first(item).map(|shown| (shown.place, shown.by)) })
            .collect()
    };
    // A page without a word and without a picture is an empty file, whatever somebody says it is.
    let blank = view.is_some_and(|view| view.substance() == 0 && view.pictures == 0);
    for of in word.told.iter().filter(|_| !blank) {
        let Some(material) = pack.material(of) else { continue };
        settle(candidates, of, Signal::Told, search(material));
        for (inside, material) in contents(pack, of) {
            if !candidates.iter().any(|candidate| candidate.material == inside && candidate.is_match()) {
                settle(candidates, &inside, Signal::Inside { of: of.clone() }, search(material));
            }
        }
    }
    for confirmed in &word.confirmed {
        let Some(material) = pack.material(&confirmed.material) else { continue };
        // Nobody says where in the file an item stands: the file as a whole shows it.
        let whole = || FoundItem { shown: Some((Place::Whole, Structure::Title)) };
        let items = material.items.iter().map(|_| whole()).collect();
        let signal = Signal::Confirmed { by: confirmed.by.clone(), on: confirmed.on };
        settle(candidates, &confirmed.material, signal, items);
    }
    recognise::sort(candidates);
}

/// Materials that documents of this one hold.
fn contents<'a>(pack: &'a Pack, of: &MaterialRef) -> Vec<(MaterialRef, &'a Material)> {
    let clauses = pack.clauses.iter();
    clauses
        .flat_map(|clause| clause.materials.iter().map(move |material| (clause.no, material)))
        .filter(|(_, material)| material.inside.contains(of))
        .map(|(clause, material)| (MaterialRef { clause, material: material.id.clone() }, material))
        .collect()
}

/// Makes the file a sure candidate. Signs for and against stay to be read behind the word.
fn settle(candidates: &mut Vec<Candidate>, of: &MaterialRef, signal: Signal, items: Vec<FoundItem>) {
    let at = candidates.iter().position(|candidate| candidate.material == *of).unwrap_or_else(|| {
        let material = of.clone();
        candidates.push(Candidate {
            material,
            strength: Strength::Thin,
            score: 0.0,
            signals: vec![],
            periods: None,
            items: vec![],
        });
        candidates.len() - 1
    });
    let candidate = &mut candidates[at];
    candidate.strength = Strength::Sure;
    candidate.score = 1.0;
    candidate.signals.insert(0, signal);
    candidate.items = items;
}
