//! Short forms of given names and spellings of one name: a small table, this project's own work.

/// Each name with the names that it may stand for, folded, sorted by the first.
///
/// Only short forms that are seldom a name of their own: taking Jack for John or Molly for Mary would make one person of
/// two. A short form of many names has them all, so that two people whom it fits make it ambiguous.
const TABLE: &[(&str, &[&str])] = &[
    ("abby", &["abigail"]),
    ("agi", &["agnieszka"]),
    ("al", &["alan", "albert", "alexander", "alistair"]),
    ("alex", &["alexander", "alexandra"]),
    ("alf", &["alfred"]),
    ("alfie", &["alfred"]),
    ("andy", &["andrew"]),
    ("ange", &["angela"]),
    ("angie", &["angela"]),
    ("archie", &["archibald"]),
    ("art", &["arthur"]),
    ("babs", &["barbara"]),
    ("barb", &["barbara"]),
    ("becca", &["rebecca"]),
    ("becky", &["rebecca"]),
    ("ben", &["benjamin", "bernard"]),
    ("bern", &["bernard"]),
    ("bert", &["albert", "herbert", "hubert", "robert"]),
    ("bertie", &["albert", "herbert", "hubert"]),
    ("bess", &["elizabeth"]),
    ("beth", &["bethany", "elizabeth"]),
    ("betsy", &["elizabeth"]),
    ("betty", &["elizabeth"]),
    ("bev", &["beverley", "beverly"]),
    ("bill", &["william"]),
    ("billy", &["william"]),
    ("bob", &["robert"]),
    ("bobby", &["robert"]),
    ("carrie", &["caroline"]),
    ("cath", &["catherine", "kathleen"]),
    ("cathy", &["catherine", "kathleen"]),
    ("charlie", &["charles", "charlotte"]),
    ("chris", &["christian", "christina", "christine", "christopher"]),
    ("chrissie", &["christina", "christine"]),
    ("chuck", &["charles"]),
    ("cindy", &["cynthia", "lucinda"]),
    ("connie", &["constance"]),
    ("dai", &["dafydd", "david"]),
    ("dan", &["daniel"]),
    ("danny", &["daniel"]),
    ("dave", &["david"]),
    ("davey", &["david"]),
    ("deb", &["deborah", "debra"]),
    ("debbie", &["deborah", "debra"]),
    ("den", &["dennis", "denise"]),
    ("di", &["diana", "diane"]),
    ("dickie", &["richard"]),
    ("don", &["donald"]),
    ("dot", &["dorothy"]),
    ("dottie", &["dorothy"]),
    ("doug", &["douglas"]),
    ("dougie", &["douglas"]),
    ("ed", &["edmund", "edward", "edwin"]),
    ("eddie", &["edmund", "edward", "edwin"]),
    ("em", &["emily", "emma"]),
    ("ern", &["ernest"]),
    ("ernie", &["ernest"]),
    ("flo", &["florence"]),
    ("flossie", &["florence"]),
    ("fran", &["frances", "francesca", "francis"]),
    ("frank", &["francis"]),
    ("fred", &["alfred", "frederick"]),
    ("freddie", &["alfred", "frederick"]),
    ("gabby", &["gabriella", "gabrielle"]),
    ("geoff", &["geoffrey"]),
    ("gerry", &["gerald", "gerard", "geraldine"]),
    ("ginny", &["virginia"]),
    ("gosia", &["malgorzata"]),
    ("grzes", &["grzegorz"]),
    ("gwen", &["gwendoline", "gwenllian", "gwendolen"]),
    ("hattie", &["harriet"]),
    ("izzy", &["isabel", "isabella", "isobel"]),
    ("jackie", &["jacqueline"]),
    ("jacqui", &["jacqueline"]),
    ("jake", &["jacob"]),
    ("jan", &["janet", "janice"]),
    ("jeff", &["geoffrey", "jeffrey"]),
    ("jen", &["jennifer"]),
    ("jenny", &["jennifer"]),
    ("jerry", &["gerald", "gerard", "jeremy"]),
    ("jess", &["jessica"]),
    ("jim", &["james"]),
    ("jimmy", &["james"]),
    ("jo", &["joan", "joanna", "joanne", "josephine"]),
    ("joe", &["joseph"]),
    ("joey", &["joseph"]),
    ("jon", &["jonathan"]),
    ("josh", &["joshua"]),
    ("kasia", &["katarzyna"]),
    ("kate", &["catherine", "katherine", "kathleen"]),
    ("kath", &["katherine", "kathleen", "kathryn"]),
    ("kathy", &["katherine", "kathleen", "kathryn"]),
    ("katie", &["catherine", "katherine"]),
    ("ken", &["kenneth"]),
    ("kenny", &["kenneth"]),
    ("kit", &["christopher", "katherine"]),
    ("kitty", &["catherine", "katherine"]),
    ("kuba", &["jakub"]),
    ("larry", &["laurence", "lawrence"]),
    ("len", &["leonard"]),
    ("lenny", &["leonard"]),
    ("les", &["leslie", "lesley"]),
    ("libby", &["elizabeth"]),
    ("lil", &["lilian", "lillian", "lily"]),
    ("liz", &["elizabeth"]),
    ("lizzie", &["elizabeth"]),
    ("lou", &["louis", "louisa", "louise"]),
    ("maddie", &["madeleine", "madeline"]),
    ("madge", &["margaret"]),
    ("maggie", &["margaret"]),
    ("mandy", &["amanda"]),
    ("marge", &["margaret", "marjorie"]),
    ("marj", &["marjorie"]),
    ("matt", &["matthew"]),
    ("max", &["maximilian", "maxwell"]),
    ("md", &["mohammed", "mohammad", "muhammad"]),
    ("meg", &["margaret", "megan"]),
    ("mick", &["michael"]),
    ("mickey", &["michael"]),
    ("mike", &["michael"]),
    ("mo", &["maureen", "mohamed", "mohammad", "mohammed", "muhammad"]),
    ("mohamed", &["mohammed", "muhammad"]),
    ("mohammad", &["mohammed", "muhammad"]),
    ("mohammed", &["muhammad"]),
    ("mohd", &["mohammed", "mohammad", "muhammad"]),
    ("nat", &["natalie", "nathan", "nathaniel"]),
    ("ned", &["edmund", "edward"]),
    ("nick", &["nicholas", "nicola"]),
    ("nicky", &["nicholas", "nicola"]),
    ("nikki", &["nicola", "nicole"]),
    ("norm", &["norman"]),
    ("ollie", &["oliver", "olivia"]),
    ("olly", &["oliver"]),
    ("paddy", &["padraig", "patrick"]),
    ("pam", &["pamela"]),
    ("pat", &["patricia", "patrick"]),
    ("patsy", &["patricia"]),
    ("patty", &["patricia"]),
    ("peg", &["margaret"]),
    ("peggy", &["margaret"]),
    ("penny", &["penelope"]),
    ("pete", &["peter"]),
    ("phil", &["philip", "phillip", "philippa"]),
    ("pip", &["philip", "philippa"]),
    ("ray", &["raymond"]),
    ("reg", &["reginald"]),
    ("reggie", &["reginald"]),
    ("rich", &["richard"]),
    ("rick", &["richard"]),
    ("ricky", &["richard"]),
    ("rob", &["robert"]),
    ("robbie", &["robert"]),
    ("ron", &["ronald"]),
    ("ronnie", &["ronald", "veronica"]),
    ("rosie", &["rose", "rosemary"]),
    ("sal", &["sally"]),
    ("sam", &["samantha", "samuel"]),
    ("sammy", &["samantha", "samuel"]),
    ("sandy", &["alexander"]),
    ("sid", &["sidney", "sydney"]),
    ("stan", &["stanley"]),
    ("steph", &["stephanie"]),
    ("steve", &["stephen", "steven"]),
    ("stevie", &["stephen", "steven"]),
    ("stu", &["stewart", "stuart"]),
    ("sue", &["susan", "susannah", "suzanne"]),
    ("susie", &["susan", "suzanne"]),
    ("suzie", &["susan", "suzanne"]),
    ("ted", &["edmund", "edward", "theodore"]),
    ("teddy", &["edward", "theodore"]),
    ("terry", &["terence", "teresa", "theresa"]),
    ("tess", &["teresa", "theresa"]),
    ("theo", &["theodore"]),
    ("tim", &["timothy"]),
    ("tom", &["thomas"]),
    ("tommy", &["thomas"]),
    ("tony", &["anthony", "antony"]),
    ("trish", &["patricia"]),
    ("val", &["valerie", "valentine"]),
    ("vic", &["victor", "victoria"]),
    ("vicky", &["victoria"]),
    ("vik", &["vikram"]),
    ("viv", &["vivian", "vivien", "vivienne"]),
    ("wilf", &["wilfred"]),
    ("will", &["william"]),
    ("willie", &["william"]),
    ("win", &["winifred"]),
    ("winnie", &["winifred"]),
    ("zack", &["zachary"]),
    ("zak", &["zachary"]),
    ("zosia", &["zofia"]),
];

/// The names that a folded name may stand for.
pub(crate) fn formal(name: &str) -> &'static [&'static str] {
    let at = TABLE.binary_search_by(|(short, _)| (*short).cmp(name));
    at.ok().and_then(|at| TABLE.get(at)).map_or(&[], |(_, formal)| formal)
}

/// The short forms of a folded name.
pub(crate) fn short(name: &str) -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(move |(_, formal)| formal.contains(&name)).map(|(short, _)| *short)
}

/// Whether two folded names are one name, or forms of one.
pub(crate) fn related(one: &str, other: &str) -> bool {
    one == other
        || formal(one).contains(&other)
        || formal(other).contains(&one)
        || formal(one).iter().any(|name| formal(other).contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_folded_and_never_names_a_name_for_itself() {
        assert!(TABLE.is_sorted_by(|one, next| one.0 < next.0));
        for (name, formal) in TABLE {
            assert!(!formal.is_empty() && !formal.contains(name), "{name}");
            assert!(formal.iter().chain([name]).all(|n| n.bytes().all(|b| b.is_ascii_lowercase())), "{name}");
        }
    }

    #[test]
    fn both_ways_are_found() {
        assert_eq!(formal("liz"), ["elizabeth"]);
        assert_eq!(formal("elizabeth"), [""; 0]);
        assert!(short("elizabeth").any(|name| name == "liz"));
        assert_eq!(short("liz").count(), 0);
        assert!(related("liz", "elizabeth") && related("beth", "liz") && related("x", "x"));
        assert!(!related("liz", "william"));
    }
}
