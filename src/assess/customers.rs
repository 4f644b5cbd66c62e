//! Whose customer a document speaks of: the project's own, or another's.
//!
//! Only what can be quoted from both sides counts: a name behind a customer's label or repeated
//! from a title, against a customer that the configuration or the contract names. A document that
//! mentions its own customer at all is its own. Start reading at [`Customers::foreign`].

use crate::matching::{Facts, Party, State};
use crate::model::document::{Place, Remark};
use crate::model::evidence::EvidencePath;
use crate::model::pack::{About, Pack};
use crate::model::settings::Settings;
use crate::model::text::normalise;

use super::slots::{self, Home};

/// A passing mention is no subject: so often another project's name stands in a text about it.
const REPEATED: u32 = 3;
/// Shorter names stand in words that have nothing to do with them; in characters.
const NAME: usize = 4;
/// So many documents must name a customer that the configuration does not.
const AGREEING: usize = 3;
/// And at least this share, in percent, of all that name one.
const MAJORITY: usize = 80;
/// Share in percent of characters that a name read from a picture keeps.
const READ: usize = 60;

/// The customers of all projects.
#[derive(Debug)]
pub(super) struct Customers {
    /// Our own name, normalised: as 甲方 of our suppliers it is nobody's customer.
    own: Option<String>,
    /// By project; one where the folder is the only project.
    projects: Vec<Customer>,
    /// The project of each name that [`Facts::mentions`] counts.
    names: Vec<(usize, String)>,
}

#[derive(Debug, Default)]
struct Customer {
    /// As people write it; None where nobody said and the documents do not agree.
    name: Option<String>,
    /// The document that said so, where the configuration did not.
    source: Option<EvidencePath>,
    /// Every name of customer and project, normalised.
    known: Vec<String>,
}

/// Another's customer in a project's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub found: String,
    pub place: Place,
    pub expected: String,
    /// What says who the customer is; None: evlint.json.
    pub source: Option<EvidencePath>,
}

impl Customers {
    pub(super) fn of(pack: &Pack, settings: &Settings, facts: &[&Facts], homes: &[Home]) -> Self {
        let own = settings.organization.as_deref().map(normalise);
        let configured = settings.projects.iter().map(|project| Customer {
            name: project.customer.clone().or_else(|| project.aliases.first().cloned()),
            source: None,
            known: project
                .customer
                .iter()
                .chain(&project.aliases)
                .chain([&project.name])
                .map(|n| normalise(n))
                .collect(),
        });
        let mut projects: Vec<Customer> = configured.collect();
        if projects.is_empty() {
            projects.push(Customer::default());
        }
        let mut customers = Self { own, projects, names: slots::names(settings) };
        for at in 0..customers.projects.len() {
            if customers.projects[at].name.is_none() {
                let serving: Vec<&Facts> = facts
                    .iter()
                    .copied()
                    .zip(homes)
                    .filter(|(_, home)| home.serves(at))
                    .map(|(facts, _)| facts)
                    .collect();
                if let Some((name, source)) = customers.derived(pack, &serving) {
                    let customer = &mut customers.projects[at];
                    customer.known.push(name.clone());
                    (customer.name, customer.source) = (Some(name), Some(source));
                }
            }
        }
        customers
    }

    /// The other customer that the document is about, where it is not about the project's own.
    /// `project` is None where none is configured.
    pub(super) fn foreign(&self, facts: &Facts, home: &Home, project: Option<usize>) -> Option<Foreign> {
        let at = project.unwrap_or(0);
        let customer = self.projects.get(at)?;
        let expected = customer.name.clone()?;
        let read = is_read(facts);
        let is_own = |name: &str| customer.known.iter().any(|known| same(name, known, read));
        let mentioned = facts.mentions.iter().any(|mention| self.project_of(mention.name) == Some(at));
        if mentioned || facts.parties.iter().any(|party| is_own(&party.name)) {
            return None;
        }
        let derived = customer.source.is_some();
        let counts = |party: &&Party| {
            (!derived || (party.labelled && party.times > 1))
                && self.own.as_ref().is_none_or(|own| !same(&party.name, own, read))
        };
        let named = facts.parties.iter().find(counts).map(|party| (party.name.clone(), party.place.clone()));
        let elsewhere = || {
            let other =
                |name: usize| self.names.get(name).filter(|(of, name)| *of != at && name.chars().count() >= NAME);
            let within = matches!(home, Home::Project(_));
            facts
                .mentions
                .iter()
                .filter(|mention| within && mention.times >= REPEATED)
                .find_map(|mention| other(mention.name).map(|(_, name)| (name.clone(), mention.first.clone())))
        };
        let (found, place) = named.or_else(elsewhere)?;
        Some(Foreign { found, place, expected, source: customer.source.clone() })
    }

    fn project_of(&self, name: usize) -> Option<usize> {
        self.names.get(name).map(|(project, _)| *project)
    }

    /// The customer that nearly all labels name; the contract's label, where there is one, must
    /// be among them.
    fn derived(&self, pack: &Pack, facts: &[&Facts]) -> Option<(String, EvidencePath)> {
        let labelled = |facts: &&Facts| {
            let of =
                |party: &&Party| party.labelled && self.own.as_ref().is_none_or(|own| !same(&party.name, own, false));
            facts.parties.iter().find(of).cloned()
        };
        let mut naming: Vec<(bool, Party, &EvidencePath)> = facts
            .iter()
            .filter(|facts| facts.state == State::Read && !is_read(facts))
            .filter_map(|facts| Some((!is_contract(pack, facts), labelled(facts)?, &facts.path)))
            .collect();
        naming.sort_by(|a, b| (a.0, a.2).cmp(&(b.0, b.2)));
        let agreeing = |name: &str| naming.iter().filter(|(_, party, _)| same(name, &party.name, false)).count();
        let (.., first, source) = match naming.first()? {
            contract @ (false, ..) => contract,
            _ => naming.iter().max_by_key(|(_, party, _)| agreeing(&party.name))?,
        };
        let count = agreeing(&first.name);
        (count >= AGREEING && count * 100 >= naming.len() * MAJORITY).then(|| (first.name.clone(), (*source).clone()))
    }
}

/// It is a document that others' terms must agree with.
fn is_contract(pack: &Pack, facts: &Facts) -> bool {
    let agreements = || pack.clauses.iter().flat_map(|clause| &clause.materials).flat_map(|one| &one.agrees_with);
    facts.candidates.iter().filter(|candidate| candidate.is_match()).any(|candidate| {
        agreements().any(|agreement| matches!(agreement.about, About::Term(_)) && agreement.with == candidate.material)
    })
}

/// Its text was read from pictures: a character or two may be wrong.
fn is_read(facts: &Facts) -> bool {
    facts.remarks.iter().any(|remark| matches!(remark, Remark::Recognised { .. }))
}

/// One is a short form of the other: its characters stand in the other in the same order. Where
/// `read` from a picture, most of them.
fn same(a: &str, b: &str, read: bool) -> bool {
    let (a, b) = (core(a), core(b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = common(&short, &long);
    common == short.len() || (read && common * 100 >= short.len() * READ)
}

/// A name without what its legal form adds.
fn core(name: &str) -> Vec<char> {
    let mut name = name.to_owned();
    for form in ["有限责任公司", "股份有限公司", "有限公司", "股份", "公司", "(", ")"] {
        name = name.replace(form, "");
    }
    // 教体局中心机房资产清单 names the room.
    let room = name.strip_suffix("中心").filter(|name| name.ends_with(['局', '院', '厂', '校', '馆']));
    room.unwrap_or(&name).chars().collect()
}

/// Length of the longest common subsequence.
fn common(short: &[char], long: &[char]) -> usize {
    let mut row = vec![0; short.len() + 1];
    for c in long {
        let mut corner = 0;
        for at in 0..short.len() {
            let above = row[at + 1];
            row[at + 1] = if short[at] == *c { corner + 1 } else { above.max(row[at]) };
            corner = above;
        }
    }
    row[short.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_the_same_customer() {
        for (a, b, read, expected) in [
            ("临洹市第三人民医院", "临洹市第三人民医院信息系统安全运维服务项目", false, true),
            ("澄川农商银行柏泉支行", "澄川农村商业银行股份有限公司柏泉支行", false, true),
            ("铁鸢机械集团", "铁鸢机械制造集团有限公司", false, true),
            ("栗阳市水务局信息中心", "栗阳市水务局", false, true),
            ("岱崮县教体局中心", "岱崮县教育和体育局", false, true),
            ("临洹市第二人民医院", "临洹市第三人民医院", false, false),
            ("汶岩市妇幼保健院", "澄川农村商业银行股份有限公司柏泉支行", false, false),
            ("油岭新区智慧城市运营管理中心", "澄岭新区智慧城市运营管理中心", false, false),
            ("油岭新区智慧城市运营管理中心", "澄岭新区智慧城市运营管理中心", true, true),
        ] {
            assert_eq!(same(a, b, read), expected, "{a} {b}");
        }
    }
}
