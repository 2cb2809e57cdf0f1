//! Which handle of which patient stays.
#![allow(clippy::expect_used, reason = "a test: what fails here fails it")]

use presend_detect::{Finding, Label, Role, Signals};
use presend_policy::{Action, Context, Handle, Plan, Policy, Purpose, Verdict};
use presend_text::Span;

/// Reads `[[LABEL|words]]` and `[[PERSON:role|words]]` into a text and findings.
fn marked(text: &str) -> (String, Vec<Finding>) {
    let (mut plain, mut findings) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once("[[") {
        let (inner, after) = tail.split_once("]]").expect("every [[ has its ]]");
        let (what, words) = inner.split_once('|').expect("a label before the words");
        let (label, role) = what.split_once(':').map_or((what, None), |(label, role)| (label, Some(role)));
        plain.push_str(head);
        let label: Label = label.parse().expect("a label");
        let role: Option<Role> = role.map(|role| role.parse().expect("a role"));
        let role = role.or((label == Label::Person).then_some(Role::Unknown));
        let span = Span::new(plain.len(), plain.len() + words.len());
        findings.push(Finding { span, label, role, confidence: 0.97, rule: "test", evidence: Vec::new() });
        plain.push_str(words);
        rest = after;
    }
    plain.push_str(rest);
    (plain, findings)
}

fn plan(policy: &str, text: &str, context: Context) -> (Plan, Verdict) {
    let (text, findings) = marked(text);
    let policy = Policy::built_in(policy).expect("built in");
    let plan = policy.plan(&text, &findings, &context, Signals::default());
    let verdict = policy.verdict(&plan, true);
    (plan, verdict)
}

fn actions(plan: &Plan) -> Vec<Action> {
    plan.decisions.iter().map(|decision| decision.action).collect()
}

#[test]
fn the_first_handle_that_the_message_holds_is_kept() {
    use Action::{Generalise, Initials, Keep, Mask, Redact};
    use Handle::{HealthNumber, InitialsAndBed, InitialsAndBirthYear, LastFourAndInitials, RecordNumber};
    let cases: &[(bool, &str, Option<Handle>, &[Action])] = &[
        (
            false,
            "[[PERSON:patient|Doris Ekwueme]] NHS [[NHS_NUMBER|999 123 4004]] hosp no [[MRN|K204417]]",
            Some(LastFourAndInitials),
            &[Initials, Mask, Redact],
        ),
        (
            true,
            "[[PERSON:patient|Doris Ekwueme]] NHS [[NHS_NUMBER|999 123 4004]] hosp no [[MRN|K204417]]",
            Some(HealthNumber),
            &[Initials, Keep, Redact],
        ),
        (false, "NHS [[NHS_NUMBER|999 123 4004]], K 6.1", Some(HealthNumber), &[Keep]),
        (false, "[[PERSON:patient|Ekwueme]] [[MRN|K204417]]", Some(RecordNumber), &[Initials, Keep]),
        (false, "[[WARD_BED|bed 4]] [[PERSON:patient|Ekwueme]]", Some(InitialsAndBed), &[Keep, Initials]),
        (
            false,
            "[[PERSON:patient|Ekwueme]] dob [[DATE_OF_BIRTH|4/3/41]]",
            Some(InitialsAndBirthYear),
            &[Initials, Generalise],
        ),
        (false, "[[PERSON:patient|Ekwueme]] K 6.1", None, &[Initials]),
        (false, "[[PERSON:staff|Chen]] [[WARD_BED|bed 4]]", None, &[Keep, Keep]),
        (false, "[[CHI_NUMBER|0403419997]] [[PERSON|doris]]", Some(LastFourAndInitials), &[Mask, Initials]),
    ];
    for (approved, text, handle, wanted) in cases {
        let context = Context { approved: *approved, ..Context::default() };
        let (plan, _) = plan("direct-care", text, context);
        let kept: Vec<Handle> = plan.subjects.iter().filter_map(|subject| subject.handle).collect();
        assert_eq!(kept.first(), handle.as_ref(), "{text}");
        assert!(kept.len() <= 1, "{text}: one patient has one handle");
        assert_eq!(actions(&plan), *wanted, "{text}");
    }
}

#[test]
fn each_patient_of_a_list_has_a_handle() {
    let cases = [
        (
            "[[WARD_BED|bed 4]] [[PERSON:patient|Okafor]] K 6.1\n[[WARD_BED|bed 5]] [[PERSON:patient|Pellow]] CT\n[[WARD_BED|bed 9]] [[PERSON:patient|Ashby]]",
            3,
        ),
        (
            "[[PERSON:patient|Rose Patel]] [[WARD_BED|bed 1]], [[PERSON:patient|Arun Patel]] [[WARD_BED|bed 2]]",
            2,
        ),
        ("[[NHS_NUMBER|999 123 4004]] and [[NHS_NUMBER|999 123 4551]]", 2),
        ("[[NHS_NUMBER|999 123 4004]] again [[NHS_NUMBER|9991234004]]", 1),
        (
            "[[PERSON:patient|Doris Ekwueme]] ... [[PERSON:patient|DE]] [[WARD_BED|bed 4]] to [[WARD_BED|bed 9]]",
            1,
        ),
        ("[[PERSON:patient|Okafor]] [[MRN|K1]], [[PERSON:patient|Pellow]] [[MRN|K2]]", 2),
        (
            "Mr [[PERSON:patient|Hall]] NHS [[NHS_NUMBER|999 123 4004]], Mrs [[PERSON:patient|Hall]] NHS [[NHS_NUMBER|999 123 4551]]",
            2,
        ),
        (
            "[[PERSON:patient|Hall]] NHS [[NHS_NUMBER|999 123 4004]], [[PERSON:patient|Hall]] NHS [[NHS_NUMBER|999 123 4551]]",
            2,
        ),
        ("Mr [[PERSON:patient|Hall]] [[WARD_BED|bed 1]], Miss [[PERSON:patient|Hall]] [[WARD_BED|bed 2]]", 2),
        (
            "Mrs [[PERSON:patient|Hall]] [[DATE_OF_BIRTH|4/3/1941]], Ms [[PERSON:patient|Hall]] [[WARD_BED|bed 2]]",
            1,
        ),
        (
            "[[PERSON:patient|Ann Hall]] [[DATE_OF_BIRTH|4/3/1941]], [[PERSON:patient|Hall]] [[DATE_OF_BIRTH|9/8/1970]]",
            2,
        ),
    ];
    for (text, patients) in cases {
        let (plan, _) = plan("direct-care", text, Context::default());
        assert_eq!(plan.subjects.len(), patients, "{text}");
        assert!(plan.subjects.iter().all(|subject| subject.handle.is_some()), "{text}");
    }
}

#[test]
fn people_of_one_name_keep_the_last_four_each() {
    use Action::{Initials, Mask};
    for second in ["Mrs [[PERSON:patient|Hall]]", "and [[PERSON:patient|Hall]]"] {
        let text = format!(
            "Mr [[PERSON:patient|Hall]] NHS [[NHS_NUMBER|999 123 4004]] K 6.8, {second} NHS [[NHS_NUMBER|999 123 4551]] K 4.1"
        );
        let (plan, _) = plan("direct-care", &text, Context::default());
        assert_eq!(actions(&plan), [Initials, Mask, Initials, Mask], "{text}");
    }
}

#[test]
fn a_message_to_one_patient_names_no_other() {
    use Action::{Flag, Keep, Mask, Redact};
    let cases: &[(&str, &[Action])] = &[
        ("Dear [[PERSON:patient|Doris Lund]], [[PERSON:patient|Arthur Fenwick]] has MRSA", &[Keep, Redact]),
        (
            "Hi [[PERSON:staff|Sarah]], [[PERSON:patient|Sarah Lund]] Hb 101, [[PERSON:patient|Amir Khan]] NHS [[NHS_NUMBER|999 123 4004]]",
            &[Keep, Keep, Redact, Redact],
        ),
        (
            "Good morning Mrs [[PERSON:patient|Lund]], NHS [[NHS_NUMBER|999 123 4551]]. Mr [[PERSON:patient|Lund]] is ready",
            &[Keep, Mask, Redact],
        ),
        ("[[PERSON:patient|Sarah Lund]] Hb 101, [[PERSON:patient|Amir Khan]] Hb 72", &[Flag, Flag]),
        (
            "Dear [[PERSON:relative|Anna]], [[PERSON:patient|Sarah Lund]] and [[PERSON:patient|Amir Khan]] are in",
            &[Flag, Flag, Flag],
        ),
        (
            "Dear [[PERSON:patient|Doris Lund]] ([[PERSON:patient|Lund]]), Dr [[PERSON:staff|Patel]] rings you",
            &[Keep, Keep, Keep],
        ),
        ("Dear [[PERSON:relative|Anna]], your mother [[PERSON:patient|Doris Lund]] is ready", &[Flag, Keep]),
    ];
    for (text, wanted) in cases {
        let (plan, verdict) = plan("patient", text, Context::default());
        assert_eq!(actions(&plan), *wanted, "{text}");
        assert_eq!(verdict > Verdict::Send, wanted.iter().any(|action| *action != Keep), "{text}");
    }
}

#[test]
fn what_would_identify_is_offered_where_nothing_does() {
    let (plan, verdict) = plan("direct-care", "[[PERSON:patient|Okafor]] K 6.1", Context::default());
    assert_eq!(verdict, Verdict::Minimise);
    let offers = &plan.subjects[0].offers;
    assert_eq!(offers[0], ["the last four digits of the NHS number"]);
    assert!(offers.contains(&vec!["the ward and bed"]) && offers.contains(&vec!["the year of birth"]));

    let (plan, verdict) = self::plan("group", "[[PERSON:patient|Okafor]] K 6.1", Context::default());
    assert!(plan.subjects.is_empty(), "a wider group keeps no handle");
    assert_eq!(verdict, Verdict::Minimise);
}

#[test]
fn a_bed_message_keeps_initials_and_bed_in_a_wider_group() {
    let context = Context { purpose: Purpose::Operational, ..Context::default() };
    let text = "[[WARD_BED|bed 4]] [[PERSON:patient|Okafor]] [[NHS_NUMBER|999 123 4004]] ready to go";
    let (plan, _) = plan("group", text, context);
    assert_eq!(plan.subjects[0].handle, Some(Handle::InitialsAndBed));
    assert_eq!(actions(&plan), [Action::Keep, Action::Initials, Action::Redact]);
}
