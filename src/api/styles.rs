//! The curated styles: words that are added to a prompt.

use super::reply::{Reply, add, json};
use super::wire::{Style, StyleList};

const fn style(id: &'static str, name: &'static str, prompt: &'static str) -> Style {
    Style {
        id,
        name,
        prompt,
        example: "",
    }
}

static STYLES: &[Style] = &[
    style(
        "studio-portrait",
        "Studio portrait",
        "studio portrait, soft key light, grey backdrop, 85 mm lens",
    ),
    style(
        "film",
        "Film photo",
        "35 mm film photograph, fine grain, natural colours",
    ),
    style(
        "golden-hour",
        "Golden hour",
        "outdoors in the golden hour, warm low sun, shallow depth of field",
    ),
    style(
        "black-and-white",
        "Black and white",
        "black and white photograph, high contrast, dramatic light",
    ),
    style(
        "oil-painting",
        "Oil painting",
        "oil painting, visible brush strokes, old master light",
    ),
    style(
        "watercolour",
        "Watercolour",
        "watercolour on paper, loose washes, white margins",
    ),
    style(
        "comic",
        "Comic",
        "comic book panel, bold ink lines, flat colours",
    ),
    style(
        "pixel-art",
        "Pixel art",
        "pixel art, limited palette, crisp edges",
    ),
];

pub fn list() -> Reply {
    let mut reply = json(200, &StyleList { styles: STYLES });
    add(&mut reply, "cache-control", "public, max-age=3600");
    reply
}

pub fn find(id: &str) -> Option<&'static Style> {
    STYLES.iter().find(|style| style.id == id)
}
