//! What is to happen in a history: drawn from its seed in advance, so that steps can be left out
//! and the rest be run again.

use selfie::fake::{LedgerFault, PutFault};
use stand_ins::{Behaviour, Script};

use crate::chance::Chance;
use crate::deed::Deed;
use crate::trouble::{REALITIES, trouble};

pub const PEOPLE: usize = 2;

#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody does something, once or with several clicks, and may leave after so many steps.
    Do {
        who: usize,
        deed: Deed,
        clicks: usize,
        leaves: Option<usize>,
    },
    Wait {
        ms: u64,
    },
    /// Time passes while nothing of ours runs.
    Jump {
        ms: u64,
    },
    Provider(Script),
    Ledger {
        after: usize,
        fault: LedgerFault,
    },
    Write {
        after: usize,
        fault: PutFault,
    },
    Reads {
        failing: usize,
    },
    Evict,
    Kill,
    Sweep,
    /// A webhook that a provider never sent, or has sent before.
    Webhook {
        job: usize,
        forgery: Forgery,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Forgery {
    /// Genuine, and not asked for.
    Repeated,
    BadSignature,
    OfAnotherRun,
    Old,
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    /// Whether the first person begins with a model that is ready.
    pub trained: bool,
    pub stale: bool,
    /// What is true of the providers where their contracts leave it open.
    pub realities: Vec<(&'static str, &'static str)>,
    pub steps: Vec<Step>,
}

pub fn draw(seed: u64) -> Plan {
    let mut chance = Chance::new(seed);
    let mut realities = Vec::new();
    for (name, values) in REALITIES {
        if chance.percent(40) {
            realities.push((name, chance.one_of(values)));
        }
    }
    let (trained, stale) = (chance.percent(70), chance.percent(50));
    let count = 6 + chance.below(22);
    let mut keys = 0;
    let steps = (0..count).map(|_| step(&mut chance, &mut keys)).collect();
    Plan {
        seed,
        trained,
        stale,
        realities,
        steps,
    }
}

fn step(chance: &mut Chance, keys: &mut usize) -> Step {
    const SECOND: u64 = 1000;
    match chance.below(100) {
        0..=49 => act(chance, keys),
        50..=64 => Step::Wait {
            ms: chance.one_of(&[SECOND, 5 * SECOND, 20 * SECOND, 60 * SECOND, 150 * SECOND]),
        },
        65 => Step::Jump {
            ms: chance.one_of(&[900, 1300, 4200, 11_000, 93_600]) * SECOND,
        },
        66..=80 => Step::Provider(trouble(chance)),
        81..=86 => Step::Ledger {
            after: chance.below(8),
            fault: chance.one_of(&[LedgerFault::Before, LedgerFault::After]),
        },
        87..=89 => Step::Write {
            after: chance.below(3),
            fault: chance.one_of(&[PutFault::Before, PutFault::After]),
        },
        90 => Step::Reads {
            failing: 1 + chance.below(3),
        },
        91..=93 => Step::Evict,
        94..=95 => Step::Kill,
        96 => Step::Sweep,
        _ => Step::Webhook {
            job: chance.below(8),
            forgery: chance.one_of(&[
                Forgery::Repeated,
                Forgery::BadSignature,
                Forgery::OfAnotherRun,
                Forgery::Old,
            ]),
        },
    }
}

fn act(chance: &mut Chance, keys: &mut usize) -> Step {
    let who = usize::from(chance.percent(25));
    let (model, number) = (chance.below(4), chance.below(6));
    *keys += 1;
    let deed = match chance.below(100) {
        0..=5 => Deed::Describe {
            photo: number,
            key: *keys,
        },
        6..=34 => Deed::Create {
            model,
            words: chance.below(3),
            key: *keys,
        },
        35..=54 => Deed::Train { model, key: *keys },
        55..=63 => Deed::Again {
            wish: chance.below(8),
        },
        64..=67 => Deed::CancelTraining { model },
        68..=71 => Deed::DeletePrediction { prediction: number },
        72..=74 => Deed::DeleteModel { model },
        75..=78 => Deed::Upload {
            model,
            photo: number,
        },
        79..=80 => Deed::DropPhoto { photo: number },
        81..=82 => Deed::Caption { photo: number },
        83..=84 => Deed::Bundle { model },
        85..=86 => Deed::Favorite { prediction: number },
        87 => Deed::Rename { model },
        88..=89 => Deed::NewModel,
        90..=91 => Deed::SignOut,
        92 => Deed::SignOutEverywhere,
        93..=95 => Deed::UseEndedSession,
        96..=97 => Deed::SignIn,
        _ => Deed::Look,
    };
    Step::Do {
        who,
        deed,
        clicks: if chance.percent(25) {
            2 + chance.below(2)
        } else {
            1
        },
        leaves: chance.percent(15).then(|| chance.below(40)),
    }
}

/// Whether somebody makes a bundle, which stops the descriptions that are under way.
pub fn bundles(plan: &Plan) -> bool {
    let bundling = |step: &Step| {
        let Step::Do { deed, .. } = step else {
            return false;
        };
        matches!(deed, Deed::Bundle { .. } | Deed::Train { .. })
    };
    plan.steps.iter().any(bundling)
}

/// Whether the plan lets a provider deliver what is not a picture.
pub fn spoils_pictures(plan: &Plan) -> bool {
    plan.steps.iter().any(|step| match step {
        Step::Provider(script) => {
            script.provider == "replicate-delivery"
                || matches!(
                    script.behaviour,
                    Behaviour::Output404
                        | Behaviour::OutputSlow { .. }
                        | Behaviour::OutputTruncated { .. }
                        | Behaviour::OutputWrongType
                        | Behaviour::OutputForeignHost
                        | Behaviour::OutputNull
                )
        }
        _ => false,
    })
}
