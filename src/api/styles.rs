//! The curated styles: words that are added to a prompt, and an example of what they make of one.

use super::reply::{Reply, add, json};
use super::wire::{Style, StyleList};

/// Id, name and words of each; its example is the file of that id in `frontend/static/styles`.
macro_rules! styles {
    ($($id:literal, $name:literal, $prompt:literal;)+) => {
        &[$(Style {
            id: $id,
            name: $name,
            prompt: $prompt,
            example: concat!("/styles/", $id, ".webp"),
        }),+]
    };
}

/// All of them, in the order in which they are shown.
#[rustfmt::skip]
pub static STYLES: &[Style] = styles! {
    "studio-portrait", "Studio portrait", "studio portrait, soft key light, grey backdrop, 85 mm lens";
    "headshot", "Business headshot", "professional headshot, neutral background, even light, sharp eyes";
    "fashion", "Fashion editorial", "fashion editorial photograph, bold pose, clean set, hard light";
    "film", "Film photo", "35 mm film photograph, fine grain, natural colours";
    "golden-hour", "Golden hour", "outdoors in the golden hour, warm low sun, shallow depth of field";
    "black-and-white", "Black and white", "black and white photograph, high contrast, dramatic light";
    "noir", "Film noir", "film noir still, hard shadows, smoke, 1940s";
    "cinematic", "Cinematic", "cinematic still, anamorphic lens, teal and orange light";
    "street", "Street photo", "candid street photograph, busy city, afternoon light";
    "neon-night", "Neon night", "rainy city at night, neon signs, reflections";
    "instant-photo", "Instant photo", "instant photo, flash, faded colours, soft focus";
    "seventies", "Seventies", "1970s photograph, warm faded colours, period clothes";
    "tintype", "Tintype", "tintype photograph, sepia, 1860s, soft edges";
    "misty-forest", "Misty forest", "in a misty forest, cool diffuse light, soft greens";
    "snow", "Winter", "in falling snow, cold blue light, warm clothes";
    "underwater", "Underwater", "underwater photograph, floating hair, blue light rays";
    "double-exposure", "Double exposure", "double exposure with a mountain landscape, white background";
    "oil-painting", "Oil painting", "oil painting, visible brush strokes, old master light";
    "impressionist", "Impressionist", "impressionist painting, broken colour, sunlight in a garden";
    "renaissance", "Renaissance", "renaissance panel painting, sfumato, dark background";
    "watercolour", "Watercolour", "watercolour on paper, loose washes, white margins";
    "pencil", "Pencil drawing", "graphite pencil drawing on white paper, fine hatching";
    "charcoal", "Charcoal", "charcoal drawing, smudged shadows, rough paper";
    "woodblock", "Woodblock print", "ukiyo-e woodblock print, flat colours, fine outlines";
    "stained-glass", "Stained glass", "stained glass window, lead lines, glowing colours";
    "comic", "Comic", "comic book panel, bold ink lines, flat colours";
    "pop-art", "Pop art", "pop art screen print, halftone dots, loud colours";
    "anime", "Anime", "anime film still, clean lines, painted background";
    "pixel-art", "Pixel art", "pixel art, limited palette, crisp edges";
    "low-poly", "Low poly", "low poly render, flat triangles, soft studio light";
};

pub fn list() -> Reply {
    let mut reply = json(200, &StyleList { styles: STYLES });
    add(&mut reply, "cache-control", "public, max-age=3600");
    reply
}

pub fn find(id: &str) -> Option<&'static Style> {
    STYLES.iter().find(|style| style.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_style_has_an_id_of_its_own_and_a_small_example() {
        assert!(STYLES.len() >= 24);
        let ids: BTreeSet<&str> = STYLES.iter().map(|style| style.id).collect();
        assert_eq!(ids.len(), STYLES.len());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/static");
        let mut bytes = 0;
        for style in STYLES {
            let example = folder.join(style.example.trim_start_matches('/'));
            let size = example.metadata().map(|file| file.len());
            bytes += size.unwrap_or_else(|_| panic!("{} has no example", style.id));
        }
        assert!(bytes < 600_000, "the examples weigh {bytes} bytes");
    }
}
