//! What runs cost, so that a day's spending can be capped before the bill comes.

use super::Misconfigured;
use super::parse::Reader;

/// What one kind of run costs, in micro-dollars.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Price {
    /// Held before a provider is asked: for a training, for each image or for a caption.
    pub hold: u64,
    /// Of a second of GPU time. Without one a run costs what was held for what it made.
    pub second: Option<u64>,
}

/// The variable `PRICES`: `fast=hold:second,quality=hold:second,image=hold,caption=hold:second`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prices {
    pub fast: Price,
    pub quality: Price,
    pub image: Price,
    /// Of the description of one photo.
    pub caption: Price,
}

/// Two minutes on eight H100, half an hour on one at the worst, ten seconds for an image, and ten on
/// an L40S for a caption that takes two.
const DEFAULT: Prices = Prices {
    fast: Price {
        hold: 1_500_000,
        second: Some(12_200),
    },
    quality: Price {
        hold: 2_000_000,
        second: Some(1525),
    },
    image: Price {
        hold: 20_000,
        second: None,
    },
    caption: Price {
        hold: 10_000,
        second: Some(975),
    },
};

impl Price {
    /// What is held for that many.
    pub const fn hold(self, count: u64) -> u64 {
        self.hold.saturating_mul(count)
    }

    /// What a run cost that made so many and took so long, rounded up.
    pub const fn cost(self, made: u64, took_us: Option<u64>) -> u64 {
        match (self.second, took_us) {
            (Some(second), Some(us)) => us.saturating_mul(second).div_ceil(1_000_000),
            _ => self.hold(made),
        }
    }
}

impl Prices {
    /// The price of a training, by its preset.
    pub fn training(&self, preset: &str) -> Price {
        match preset {
            "quality" => self.quality,
            _ => self.fast,
        }
    }

    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, Misconfigured> {
        let wrong = Misconfigured { variable: "PRICES" };
        let mut prices = DEFAULT;
        for part in reader.or("PRICES", "").split(',') {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let (name, price) = part.split_once('=').ok_or(wrong.clone())?;
            let place = match name {
                "fast" => &mut prices.fast,
                "quality" => &mut prices.quality,
                "image" => &mut prices.image,
                "caption" => &mut prices.caption,
                _ => return Err(wrong),
            };
            *place = parse(price).ok_or(wrong.clone())?;
        }
        Ok(prices)
    }
}

fn parse(text: &str) -> Option<Price> {
    let (hold, second) = match text.split_once(':') {
        Some((hold, second)) => (hold, Some(micro_usd(second)?)),
        None => (text, None),
    };
    Some(Price {
        hold: micro_usd(hold)?,
        second,
    })
}

/// At most a thousand dollars: more is a slip of the pen.
fn micro_usd(text: &str) -> Option<u64> {
    text.parse().ok().filter(|price| *price <= 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Prices, Misconfigured> {
        let source = |_: &str| Some(value.to_owned());
        Prices::read(&Reader {
            source: &source,
            production: true,
        })
    }

    #[test]
    fn what_is_not_named_keeps_its_price() {
        let prices = read("image=7:3, fast=5").unwrap();
        assert_eq!(
            prices.image,
            Price {
                hold: 7,
                second: Some(3)
            }
        );
        assert_eq!(
            prices.fast,
            Price {
                hold: 5,
                second: None
            }
        );
        assert_eq!(prices.quality, DEFAULT.quality);
        assert_eq!(read(""), Ok(DEFAULT));
    }

    #[test]
    fn a_price_that_is_none_stops_the_service() {
        for wrong in [
            "fast",
            "fast=",
            "fast=-1",
            "fast=1.5",
            "fast=1:",
            "slow=1",
            "image=1000000001",
        ] {
            assert_eq!(
                read(wrong),
                Err(Misconfigured { variable: "PRICES" }),
                "{wrong}"
            );
        }
    }

    #[test]
    fn time_counts_where_it_has_a_price_and_pieces_where_it_has_none() {
        let timed = Price {
            hold: 10,
            second: Some(3),
        };
        assert_eq!(timed.cost(1, Some(1_000_001)), 4);
        assert_eq!(timed.cost(2, None), 20);
        let pieces = Price {
            hold: 10,
            second: None,
        };
        assert_eq!(pieces.cost(3, Some(1_000_000)), 30);
        assert_eq!(pieces.hold(4), 40);
    }
}
