//! The XMP packet that says a picture was made by a trained algorithm, and the search for that statement.
//! Text that a person wrote enters the packet escaped and never changes what the packet states.

/// The IPTC term for pictures made by a model trained on samples.
const TRAINED_ALGORITHMIC_MEDIA: &str =
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
const SOURCE_TYPE: &str = "Iptc4xmpExt:DigitalSourceType";

const BEFORE_RECIPE: &str = concat!(
    "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
    " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
    "  <rdf:Description rdf:about=\"\"\n",
    "    xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"\n",
    "    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n",
    "    xmlns:selfie=\"https://selfie.pr/ns/1.0/\">\n",
    "   <Iptc4xmpExt:DigitalSourceType>",
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    "</Iptc4xmpExt:DigitalSourceType>\n",
    "   <xmp:CreatorTool>Selfie.pr</xmp:CreatorTool>\n",
    "   <selfie:recipe>",
);
const AFTER_RECIPE: &str = concat!(
    "</selfie:recipe>\n",
    "  </rdf:Description>\n",
    " </rdf:RDF>\n",
    "</x:xmpmeta>\n",
    "<?xpacket end=\"r\"?>",
);

/// A JPEG segment holds 65,533 bytes; with the rest of the packet and its header this stays below.
const MAX_RECIPE_BYTES: usize = 62_000;

/// The packet for a picture made by `recipe`, never longer than a JPEG segment can hold.
pub(super) fn packet(recipe: &str) -> String {
    let fixed = BEFORE_RECIPE.len().saturating_add(AFTER_RECIPE.len());
    let text = recipe.len().saturating_add(64).min(MAX_RECIPE_BYTES);
    let mut packet = String::with_capacity(fixed.saturating_add(text));
    packet.push_str(BEFORE_RECIPE);
    let limit = packet.len().saturating_add(MAX_RECIPE_BYTES);
    for character in recipe.chars() {
        let mut buffer = [0; 4];
        let escaped = escape(character, &mut buffer);
        if packet.len().saturating_add(escaped.len()) > limit {
            break;
        }
        packet.push_str(escaped);
    }
    packet.push_str(AFTER_RECIPE);
    packet
}

/// Characters that XML 1.0 cannot carry, escaped or not, become U+FFFD; a carriage return would be read as a line feed.
fn escape(character: char, buffer: &mut [u8; 4]) -> &str {
    match character {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        '\r' => "&#13;",
        '\t' | '\n' => character.encode_utf8(buffer),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}",
        _ => character.encode_utf8(buffer),
    }
}

/// Whether `packet` gives the source type as trained algorithmic media, as an element or as an attribute.
pub(super) fn says_ai_made(packet: &[u8]) -> bool {
    let name = SOURCE_TYPE.as_bytes();
    packet
        .windows(name.len())
        .enumerate()
        .filter(|(_, window)| *window == name)
        .filter_map(|(at, _)| packet.get(at.checked_add(name.len())?..))
        .any(gives_the_term)
}

fn gives_the_term(after_name: &[u8]) -> bool {
    [(">", "<"), ("=\"", "\""), ("='", "'")]
        .iter()
        .any(|(open, close)| {
            after_name
                .strip_prefix(open.as_bytes())
                .and_then(|value| value.strip_prefix(TRAINED_ALGORITHMIC_MEDIA.as_bytes()))
                .is_some_and(|rest| rest.starts_with(close.as_bytes()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXTENSION: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    const OWN: &str = "https://selfie.pr/ns/1.0/";

    /// The text of an element, by an independent XML parser.
    fn text_of(packet: &str, namespace: &str, name: &str) -> String {
        let document = roxmltree::Document::parse(packet).unwrap();
        let found: Vec<_> = document
            .descendants()
            .filter(|node| node.has_tag_name((namespace, name)))
            .collect();
        assert_eq!(found.len(), 1, "one {name} in {packet}");
        found[0].text().unwrap_or_default().to_owned()
    }

    #[test]
    fn the_packet_names_the_source_type_and_the_recipe() {
        let packet = packet(r#"{"prompt":"a <b> & 'c'"}"#);
        assert_eq!(
            text_of(&packet, EXTENSION, "DigitalSourceType"),
            TRAINED_ALGORITHMIC_MEDIA
        );
        assert_eq!(
            text_of(&packet, OWN, "recipe"),
            r#"{"prompt":"a <b> & 'c'"}"#
        );
        assert!(says_ai_made(packet.as_bytes()));
    }

    #[test]
    fn a_recipe_cannot_close_its_element() {
        let recipe = "</selfie:recipe><selfie:recipe>]]>";
        assert_eq!(text_of(&packet(recipe), OWN, "recipe"), recipe);
    }

    #[test]
    fn characters_that_xml_cannot_carry_are_replaced() {
        let packet = packet("a\0b\u{1b}c\u{ffff}d\r\ne\tf");
        assert_eq!(
            text_of(&packet, OWN, "recipe"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\r\ne\tf"
        );
    }

    #[test]
    fn a_recipe_that_is_too_long_is_cut_after_a_whole_character() {
        let recipe = "&".repeat(100_000);
        let packet = packet(&recipe);
        assert!(packet.len() < 65_000);
        assert_eq!(
            text_of(&packet, OWN, "recipe").len(),
            MAX_RECIPE_BYTES / "&amp;".len()
        );
    }

    #[test]
    fn the_statement_is_found_as_an_element_and_as_an_attribute() {
        let term = TRAINED_ALGORITHMIC_MEDIA;
        for packet in [
            format!("<{SOURCE_TYPE}>{term}</{SOURCE_TYPE}>"),
            format!("<a {SOURCE_TYPE}=\"{term}\"/>"),
            format!("<a {SOURCE_TYPE}='{term}'/>"),
        ] {
            assert!(says_ai_made(packet.as_bytes()), "{packet}");
        }
    }

    #[test]
    fn another_source_type_or_the_bare_term_is_no_statement() {
        let term = TRAINED_ALGORITHMIC_MEDIA;
        for packet in [
            format!("<a>{term}</a>"),
            format!("<{SOURCE_TYPE}>{term}Not</{SOURCE_TYPE}>"),
            format!("<{SOURCE_TYPE}>{}</{SOURCE_TYPE}>", "digitalCapture"),
            format!("<{SOURCE_TYPE}>"),
            String::new(),
        ] {
            assert!(!says_ai_made(packet.as_bytes()), "{packet}");
        }
    }

    proptest! {
        #[test]
        fn any_recipe_gives_well_formed_xml_that_reads_back(recipe in "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\u{fffe}\u{ffff}]{0,400}") {
            prop_assert_eq!(text_of(&packet(&recipe), OWN, "recipe"), recipe);
        }

        #[test]
        fn any_text_at_all_gives_one_marked_packet_of_bounded_length(recipe in ".{0,400}") {
            let packet = packet(&recipe);
            prop_assert_eq!(text_of(&packet, EXTENSION, "DigitalSourceType"), TRAINED_ALGORITHMIC_MEDIA);
            prop_assert!(says_ai_made(packet.as_bytes()));
            prop_assert!(packet.len() < 65_000);
        }
    }
}
