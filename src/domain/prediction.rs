//! What can be asked for when images are made, and how large the images come out.
//!
//! The numbers are those of the Flux fine-tunes at Replicate (`cog-flux`, class
//! `HotswapPredictor`), at one megapixel.

/// The shape of an image: its name at the provider, and its size in pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AspectRatio {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
}

const fn ratio(name: &'static str, width: u32, height: u32) -> AspectRatio {
    AspectRatio {
        name,
        width,
        height,
    }
}

/// Every shape on offer; the first is the default.
pub const ASPECT_RATIOS: [AspectRatio; 11] = [
    ratio("1:1", 1024, 1024),
    ratio("16:9", 1344, 768),
    ratio("21:9", 1536, 640),
    ratio("3:2", 1216, 832),
    ratio("2:3", 832, 1216),
    ratio("4:5", 896, 1088),
    ratio("5:4", 1088, 896),
    ratio("3:4", 896, 1152),
    ratio("4:3", 1152, 896),
    ratio("9:16", 768, 1344),
    ratio("9:21", 640, 1536),
];

impl AspectRatio {
    pub fn from_name(name: &str) -> Option<Self> {
        ASPECT_RATIOS.into_iter().find(|ratio| ratio.name == name)
    }
}

pub const FORMATS: [&str; 3] = ["webp", "jpg", "png"];
pub const MAX_COUNT: u8 = 4;
pub const MAX_PROMPT_CHARS: usize = 1000;

/// The values that go to the provider beside the prompt; recorded with every prediction, so that
/// it can be run again exactly.
pub const STEPS: u8 = 28;
pub const GUIDANCE: u8 = 3;
pub const LORA_SCALE: u8 = 1;

/// Whether a prompt may be sent: 1 to 1000 characters of plain text, without control characters
/// or characters that reverse the writing direction.
pub fn is_prompt(text: &str) -> bool {
    (1..=MAX_PROMPT_CHARS).contains(&text.chars().count())
        && !text.trim().is_empty()
        && !text
            .chars()
            .any(|c| (c.is_control() && c != '\n') || is_bidirectional_control(c))
}

/// Characters that change how neighbouring text is laid out, and so can make it lie.
pub const fn is_bidirectional_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
}

/// The prompt as the provider gets it: the style's words around it, the trigger word in front when
/// it is not there yet.
pub fn final_prompt(prompt: &str, trigger_word: &str, style: Option<&str>) -> String {
    let prompt = prompt.trim();
    let mut text = if prompt.contains(trigger_word) {
        prompt.to_owned()
    } else {
        format!("{trigger_word} {prompt}")
    };
    if let Some(style) = style {
        text.push_str(", ");
        text.push_str(style);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read_by_its_name() {
        for ratio in ASPECT_RATIOS {
            let read = AspectRatio::from_name(ratio.name).unwrap();
            assert_eq!((read.width, read.height), (ratio.width, ratio.height));
        }
        assert!(AspectRatio::from_name("1:2").is_none());
    }

    #[test]
    fn every_size_is_what_the_provider_makes_of_a_megapixel() {
        for ratio in ASPECT_RATIOS {
            assert!(
                ratio.width % 64 == 0 && ratio.height % 64 == 0,
                "{}",
                ratio.name
            );
            let pixels = ratio.width * ratio.height;
            assert!((900_000..=1_100_000).contains(&pixels), "{}", ratio.name);
        }
    }

    #[test]
    fn a_prompt_is_plain_text_of_limited_length() {
        assert!(is_prompt("an astronaut\non the moon"));
        assert!(is_prompt(&"x".repeat(1000)));
        for wrong in [
            "",
            "  ",
            "a\0b",
            "a\u{1b}[31m",
            "a\u{202e}b",
            &"x".repeat(1001),
        ] {
            assert!(!is_prompt(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn the_trigger_word_is_added_once() {
        assert_eq!(
            final_prompt("as an astronaut", "SLFx", None),
            "SLFx as an astronaut"
        );
        assert_eq!(
            final_prompt("SLFx on a horse", "SLFx", None),
            "SLFx on a horse"
        );
        assert_eq!(
            final_prompt("SLFx", "SLFx", Some("oil painting")),
            "SLFx, oil painting"
        );
    }
}
