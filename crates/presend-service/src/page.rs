//! The page that `GET /` serves, embedded in the binary.
//!
//! The files lie in `page/` of this crate and are served as they are: no build step, no other host. They run under a
//! content security policy of `default-src 'self'`: no inline script or style.

use std::sync::LazyLock;

use crate::http::Asset;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const TEXT: &str = "text/plain; charset=utf-8";

macro_rules! files {
    ($($name:literal, $file:literal, $type:ident;)*) => {
        &[$(($name, $type, include_bytes!(concat!("../page/", $file)))),*]
    };
}

/// Each file's name under `/page/`, its media type and its bytes.
const FILES: &[(&str, &str, &[u8])] = files! {
    "index.html", "index.html", HTML;
    "app.js", "app.js", SCRIPT;
    "examples.js", "examples.js", SCRIPT;
    "link.js", "link.js", SCRIPT;
    "text.js", "text.js", SCRIPT;
    "words.js", "words.js", SCRIPT;
    "nhsuk.css", "nhsuk/nhsuk.css", STYLE;
    "style.css", "style.css", STYLE;
    "dark.css", "dark.css", STYLE;
    "icon.svg", "icon.svg", SVG;
    "nhsuk-licence.txt", "nhsuk/LICENCE.txt", TEXT;
};

static TAGS: LazyLock<Vec<String>> =
    LazyLock::new(|| FILES.iter().map(|(_, _, bytes)| format!("\"{:016x}\"", fnv1a(bytes))).collect());

/// The file that `path` names: `/`, `/page/app.js`, or the same without the leading slash; `None` where there is none.
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let name = if path.is_empty() { "index.html" } else { path.strip_prefix("page/").unwrap_or(path) };
    let (index, (_, content_type, bytes)) = FILES.iter().enumerate().find(|(_, file)| file.0 == name)?;
    Some(Asset { content_type, bytes, etag: TAGS.get(index)? })
}

/// The 64-bit FNV-1a hash: tells builds apart, which is all that an entity tag has to do.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &str) -> &'static str {
        std::str::from_utf8(asset(path).expect(path).bytes).expect(path)
    }

    #[test]
    fn paths_with_and_without_a_slash_name_the_same_file() {
        assert_eq!(asset("/"), asset("index.html"));
        assert_eq!(asset("/page/app.js"), asset("app.js"));
        assert_eq!(asset("").expect("the page").content_type, HTML);
        for path in ["/page/", "/page/nothing.js", "../Cargo.toml", "/page/../src/page.rs", "//", "page"] {
            assert_eq!(asset(path), None, "{path}");
        }
    }

    #[test]
    fn tags_differ_and_are_quoted() {
        let tags: std::collections::BTreeSet<_> =
            FILES.iter().map(|(name, ..)| asset(name).expect(name).etag).collect();
        assert_eq!(tags.len(), FILES.len());
        assert!(tags.iter().all(|tag| tag.len() == 18 && tag.starts_with('"') && tag.ends_with('"')));
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8, "the value that the hash's authors publish");
    }

    #[test]
    fn everything_that_the_page_asks_for_is_served() {
        let page = text("/");
        let asked: Vec<&str> = ["href=\"page/", "src=\"page/"]
            .iter()
            .flat_map(|start| page.split(start).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(asked.len() >= 6, "{asked:?}");
        for name in asked {
            assert!(asset(name).is_some(), "{name}");
        }
        for (script, ..) in FILES.iter().filter(|file| file.1 == SCRIPT) {
            for rest in text(script).split("from \"./").skip(1) {
                let name = rest.split('"').next().expect("a quote");
                assert!(asset(name).is_some(), "{script} asks for {name}");
            }
        }
    }

    #[test]
    fn the_page_keeps_to_its_policy_and_keeps_nothing() {
        let page = text("/");
        for inline in [" style=", "<style", " onclick=", " onload=", "javascript:"] {
            assert!(!page.contains(inline), "{inline}");
        }
        assert_eq!(page.matches("<script").count(), 1, "one script, by its address");
        for (script, ..) in FILES.iter().filter(|file| file.1 == SCRIPT) {
            let code = text(script);
            for word in [
                "localStorage",
                "sessionStorage",
                "indexedDB",
                "document.cookie",
                "console.",
                "innerHTML",
                "eval(",
            ] {
                assert!(!code.contains(word), "{script} holds {word}");
            }
        }
        for (name, _, bytes) in FILES.iter().filter(|file| file.1 != TEXT && file.1 != SVG) {
            let code = std::str::from_utf8(bytes).expect(name);
            let hosts = code.matches("https://").count() + code.matches("http://").count();
            assert_eq!(hosts, 0, "{name} names another host");
        }
        assert!(!text("nhsuk.css").to_lowercase().contains("frutiger"), "the font is licensed");
    }
}
