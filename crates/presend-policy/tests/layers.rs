//! Policy files: how layers are merged, what is refused and where, which lines hold when.
#![allow(clippy::expect_used, reason = "a test: what fails here fails it")]

use presend_detect::{Finding, Label, Role, Signals};
use presend_policy::{Action, Context, ErrorKind, Layer, Policies, Policy, Recipients, Verdict};
use presend_text::Span;

fn finding(label: Label, role: Option<Role>, confidence: f32) -> Finding {
    Finding { span: Span::new(0, 4), label, role, confidence, rule: "test", evidence: Vec::new() }
}

fn layer(text: &str) -> Layer {
    Layer::parse("test.toml", text).expect(text)
}

#[test]
fn lines_that_never_act_are_told_of() {
    let doubts = |text: &str| {
        let doubts = Policies::built_in().doubts(&layer(text));
        doubts.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let rule = |of: &str| format!("[[rule]]\n{of}\naction = \"flag\"\nreason = \"look\"\n");
    let own = "name = \"direct-care\"\n".to_owned();
    for (text, place) in [
        (own.clone() + &rule("") + &rule("labels = [\"PHONE\"]"), "test.toml:6:"),
        (
            own.clone()
                + &rule("kinds = [\"direct\"]")
                + &rule("when = { clinical = true }\nlabels = [\"PHONE\"]"),
            "test.toml:6:",
        ),
        (own.clone() + "[[advice]]\nid = \"chanel\"\ntext = \"\"\n", "test.toml:2:"),
        ("name = \"directcare\"\nextends = \"direct-care\"\n".to_owned(), "test.toml: it makes a new policy"),
        (
            "name = \"direct-cart\"\nextends = \"direct-care\"\n".to_owned(),
            "test.toml: it makes a new policy",
        ),
    ] {
        let doubts = doubts(&text);
        assert!(
            doubts.len() == 1 && doubts.iter().all(|doubt| doubt.starts_with(place)),
            "{text}: {doubts:?}"
        );
    }
    for text in [
        own.clone() + &rule("when = { clinical = true }") + &rule("labels = [\"PHONE\"]"),
        own.clone() + &rule("labels = [\"PERSON\"]\nroles = [\"staff\"]") + &rule("labels = [\"PERSON\"]"),
        own + "[[advice]]\nid = \"channel\"\ntext = \"\"\n",
        "name = \"night-team\"\nextends = \"direct-care\"\n".to_owned(),
    ] {
        assert!(doubts(&text).is_empty(), "{text}");
    }
    let phone = Layer::parse("test.toml", &rule("labels = [\"PHONE\"]\nroles = [\"patient\"]"));
    assert_eq!(phone.expect_err("no phone has a role").kind(), ErrorKind::Meaning);
    let quasi = Layer::parse("test.toml", &rule("labels = [\"PHONE\"]\nkinds = [\"quasi\"]"));
    assert_eq!(quasi.expect_err("a phone is direct").place(), Some((1, 1)));
    for name in Policies::built_in_names() {
        let file = Policies::built_in_file(name).expect(name);
        assert!(Policies::built_in().doubts(&layer(file)).is_empty(), "{name}");
    }
}

#[test]
fn higher_layers_decide_first_and_inherit_the_rest() {
    let mut policies = Policies::built_in();
    let trust = "name = \"direct-care\"\npreview = \"Trust message\"\n\n[[rule]]\nlabels = [\"PHONE\"]\naction = \"redact\"\nreason = \"the switchboard has it\"\n";
    policies.add(&Layer::parse("trust.toml", trust).expect("a policy")).expect("it extends the built-in one");
    let team = "name = \"direct-care\"\n[[rule]]\nlabels = [\"PHONE\"]\nwhen = { approved = true }\naction = \"keep\"\nreason = \"our app is approved\"\n[[advice]]\nid = \"channel\"\ntext = \"\"\n";
    policies.add(&Layer::parse("team.toml", team).expect("a policy")).expect("it extends the trust's");
    let request =
        Layer::parse_json("request", r#"{"name":"asked","extends":"direct-care","ceiling":"advise"}"#);
    let asked = policies.add(&request.expect("a policy")).expect("it extends the team's");

    let phone = finding(Label::Phone, None, 0.97);
    let approved = Context { approved: true, ..Context::default() };
    for policy in [policies.get("direct-care").expect("added"), asked.clone()] {
        let decision = policy.decide(&phone);
        assert_eq!((decision.action, decision.line().to_string().as_str()), (Action::Redact, "trust.toml:4"));
        let decision = policy.decide_in(&phone, &approved, Signals::default());
        assert_eq!((decision.action, decision.line().to_string().as_str()), (Action::Keep, "team.toml:2"));
        assert_eq!(policy.preview(), "Trust message");
        let email = policy.decide(&finding(Label::Email, None, 0.97));
        assert_eq!(&*email.line().layer, "direct-care", "the rest is the built-in policy's");
        let plan = policy.plan("text", &[finding(Label::Mrn, None, 0.97)], &Context::default(), CLINICAL);
        assert!(plan.advice.iter().all(|advice| &*advice.id != "channel"), "the team took that advice away");
    }
    assert_eq!(asked.ceiling(), Verdict::Advise);
    assert_eq!(asked.name(), "asked");
}

const CLINICAL: Signals = Signals { clinical: true, decision: false, attachment: false };

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let rule = |line: &str| format!("name = \"x\"\n[[rule]]\n{line}\nreason = \"r\"\n");
    let cases = [
        ("name = \"x\"\nnmae = 3\n".to_owned(), ErrorKind::Syntax, Some((2, 1)), "unknown field"),
        ("name = \n".to_owned(), ErrorKind::Syntax, Some((1, 8)), ""),
        (rule("labels = [\"PHNE\"]\naction = \"keep\""), ErrorKind::Syntax, Some((3, 11)), "not a label"),
        (rule("roles = [\"nurse\"]\naction = \"keep\""), ErrorKind::Syntax, Some((3, 10)), "not a role"),
        (rule("action = \"burn\""), ErrorKind::Syntax, Some((3, 10)), "no such action"),
        (rule("action = \"keep\"\nshow = 4"), ErrorKind::Meaning, Some((2, 1)), "mask"),
        (rule("action = \"replace\""), ErrorKind::Meaning, Some((2, 1)), "`with`"),
        (rule("action = \"keep\"\nlabels = []"), ErrorKind::Meaning, Some((2, 1)), "empty list"),
        (
            rule("action = \"generalise\"\nto = \"area\"\nlabels = [\"AGE\"]"),
            ErrorKind::Meaning,
            Some((2, 1)),
            "suit",
        ),
        (rule("action = \"generalise\"\nto = \"area\""), ErrorKind::Meaning, Some((2, 1)), "suit"),
        ("name = \"Trust Policy\"".to_owned(), ErrorKind::Meaning, None, "lower-case"),
        (
            "name = \"x\"\nconfidence = { likely = 0.9, certain = 0.5 }".to_owned(),
            ErrorKind::Meaning,
            None,
            "likely",
        ),
        (
            "name = \"x\"\n[[rule]]\naction = \"keep\"\nreason = \" \"".to_owned(),
            ErrorKind::Meaning,
            Some((2, 1)),
            "reason",
        ),
    ];
    for (text, kind, place, words) in cases {
        let error = Layer::parse("test.toml", &text).expect_err(&text);
        assert_eq!((error.kind(), error.place()), (kind, place), "{text}: {error}");
        assert!(error.to_string().starts_with("test.toml") && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_policy_with_a_hole_or_without_a_base_is_refused() {
    let open = layer("name = \"x\"\n[[rule]]\nlabels = [\"AGE\"]\naction = \"keep\"\nreason = \"r\"\n");
    let error = Policy::layered([&open]).expect_err("it decides on ages alone");
    assert_eq!(error.kind(), ErrorKind::Hole);
    assert!(error.to_string().contains("PERSON"), "{error}");

    let only_when =
        layer("name = \"x\"\n[[rule]]\nwhen = { approved = true }\naction = \"keep\"\nreason = \"r\"\n");
    assert_eq!(
        Policy::layered([&only_when]).expect_err("it decides in one case alone").kind(),
        ErrorKind::Hole
    );

    let lost = layer("name = \"x\"\nextends = \"no-such\"\n");
    assert_eq!(
        Policies::built_in().add(&lost).expect_err("there is no such policy").kind(),
        ErrorKind::Unknown
    );

    let nameless = layer("[[rule]]\naction = \"keep\"\nreason = \"r\"\n");
    assert_eq!(Policy::layered([&nameless]).expect_err("it has no name").kind(), ErrorKind::Meaning);
}

#[test]
fn lines_hold_when_every_circumstance_is_met() {
    let usual = Context::default();
    let many = Recipients { count: Some(30), outsiders: Some(1), recently_changed: Some(true) };
    let cases: [(&str, Context, Signals, bool); 14] = [
        ("approved = false", usual, Signals::default(), true),
        ("approved = true", usual, Signals::default(), false),
        ("channels = [\"sms\", \"other\"]", usual, Signals::default(), true),
        ("channels = [\"sms\"]", usual, Signals::default(), false),
        ("audiences = [\"team\"]", usual, Signals::default(), true),
        ("urgency = \"emergency\"", usual, Signals::default(), false),
        ("purposes = [\"direct-care\"]", usual, Signals::default(), true),
        ("recipients-over = 20", usual, Signals::default(), false),
        ("recipients-over = 20", Context { recipients: many, ..usual }, Signals::default(), true),
        ("outsiders = true", Context { recipients: many, ..usual }, Signals::default(), true),
        ("outsiders = false", usual, Signals::default(), false),
        ("attachment = true", Context { attachments: 1, ..usual }, Signals::default(), true),
        ("clinical = true, recently-changed = true", Context { recipients: many, ..usual }, CLINICAL, true),
        ("clinical = true, recently-changed = true", usual, CLINICAL, false),
    ];
    for (when, context, signals, met) in cases {
        let text = format!(
            "name = \"x\"\n[[rule]]\nwhen = {{ {when} }}\naction = \"redact\"\nreason = \"r\"\n[[rule]]\naction = \"keep\"\nreason = \"r\"\n"
        );
        let policy = Policy::layered([&layer(&text)]).expect("a policy");
        let action = policy.decide_in(&finding(Label::Age, None, 0.97), &context, signals).action;
        assert_eq!(action == Action::Redact, met, "{when} in {context:?}");
    }
}

#[test]
fn debug_shows_no_rules_text() {
    assert!(!format!("{:?}", Policy::built_in("direct-care")).contains("colleague"));
}
