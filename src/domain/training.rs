//! A training as its owner sees it, and what a trainer's log says about its progress.
//!
//! The log is read and forgotten: it carries captions and file names, which are nobody's business.

/// What a training can be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Preset {
    #[default]
    Fast,
    Quality,
}

impl Preset {
    pub const ALL: [Self; 2] = [Self::Fast, Self::Quality];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Quality => "quality",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Optimiser steps asked of the trainer; both trainers default to it.
    pub const fn steps(self) -> u32 {
        1000
    }
}

/// The stages of a training in the order in which they are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stage {
    Queued,
    Preparing,
    Captioning,
    Training,
    Saving,
}

impl Stage {
    pub const ALL: [Self; 5] = [
        Self::Queued,
        Self::Preparing,
        Self::Captioning,
        Self::Training,
        Self::Saving,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Preparing => "preparing",
            Self::Captioning => "captioning",
            Self::Training => "training",
            Self::Saving => "saving",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// How far a running training has come: the stage, and the percent of its steps once it counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    pub stage: Stage,
    pub percent: Option<u8>,
}

/// Reads the log of `replicate/flux-fine-tuner`. Its bar is rewritten with carriage returns:
/// `flux_train_replicate:  12%|█▏        | 120/1000 [01:02<07:33,  1.94it/s, …]`.
pub fn read_log(log: &str) -> Progress {
    let mut seen = Progress {
        stage: Stage::Preparing,
        percent: None,
    };
    for line in log.split(['\n', '\r']) {
        let line = line.trim_start();
        if let Some(percent) = bar_percent(line) {
            let stage = if percent == 100 {
                Stage::Saving
            } else {
                Stage::Training
            };
            seen = Progress {
                stage,
                percent: Some(percent),
            };
        } else if line.starts_with("Starting train job") {
            seen.stage = seen.stage.max(Stage::Training);
        } else if line.starts_with("Caption for ") || line.ends_with(" is already captioned") {
            seen.stage = seen.stage.max(Stage::Captioning);
        }
    }
    seen
}

fn bar_percent(line: &str) -> Option<u8> {
    let (_, bar) = line.split_once("flux_train_replicate:")?;
    let (percent, rest) = bar.trim_start().split_once("%|")?;
    // Only a bar with its counter is whole: a line may be cut anywhere.
    let (done, total) = rest
        .rsplit_once("| ")?
        .1
        .split_once(' ')?
        .0
        .split_once('/')?;
    let (_, _): (u32, u32) = (done.parse().ok()?, total.parse().ok()?);
    percent.parse().ok().filter(|percent| *percent <= 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn presets_and_stages_are_read_by_their_names() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_name(preset.name()), Some(preset));
        }
        for stage in Stage::ALL {
            assert_eq!(Stage::from_name(stage.name()), Some(stage));
        }
        assert_eq!(Preset::from_name("slow"), None);
        assert_eq!(Stage::from_name("done"), None);
    }

    #[test]
    fn the_last_bar_of_the_log_counts() {
        let log = "Downloaded base weights in 4.1 seconds\nStarting train job\n\
            flux_train_replicate:   1%|▏         | 12/1000 [00:06<08:20,  1.97it/s]\r\
            flux_train_replicate:  12%|█▏        | 120/1000 [01:02<07:33,  1.94it/s, lr: 4.0e-04]";
        assert_eq!(
            read_log(log),
            Progress {
                stage: Stage::Training,
                percent: Some(12)
            }
        );
    }

    #[test]
    fn each_stage_is_recognised() {
        for (log, stage) in [
            ("", Stage::Preparing),
            (
                "Extracted 12 files from zip to input_images",
                Stage::Preparing,
            ),
            (
                "Caption for input_images/a.jpg: a person",
                Stage::Captioning,
            ),
            ("a.jpg is already captioned", Stage::Captioning),
            ("Starting train job", Stage::Training),
            (
                "flux_train_replicate: 100%|██████████| 1000/1000 [08:20<00:00]",
                Stage::Saving,
            ),
        ] {
            assert_eq!(read_log(log).stage, stage, "{log}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_logs_never_panic(log in ".*") {
            let _ = read_log(&log);
        }
    }
}
