//! The syllables of Mandarin, and what a run of letters can be as a sequence of them.

use std::{collections::BTreeMap, sync::LazyLock};

/// Every syllable of the characters U+4E00 to U+9FFF without its tone, ü written v, in the order of their bytes; and
/// `lue` and `nue`, as many type `lve` and `nve`. Left out are the interjections without a vowel of pinyin: `m`, `n`,
/// `ng`, `hm`, `hng` and `ê`.
pub(super) const SYLLABLES: &str = "\
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao \
    ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui \
    chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die \
    ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai \
    gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei \
    hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu \
    ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo la \
    lai lan lang lao le lei len leng li lia lian liang liao lie lin ling liu lo long lou lu luan lue \
    lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai \
    nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nue nun nuo nv \
    nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang \
    qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui \
    run ruo sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu \
    shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang tao te tei \
    teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia \
    xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you \
    yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng \
    zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo";

static SORTED: LazyLock<Vec<&str>> = LazyLock::new(|| SYLLABLES.split_ascii_whitespace().collect());

/// Letters of the longest syllable, such as `zhuang`.
const LONGEST: usize = 6;
/// Readings of one run of letters that are searched for.
const SEGMENTATIONS: usize = 16;

/// Whether this is a whole syllable.
pub(super) fn is_syllable(letters: &str) -> bool {
    SORTED.binary_search(&letters).is_ok()
}

fn is_beginning(letters: &str) -> bool {
    let at = SORTED.partition_point(|syllable| *syllable < letters);
    SORTED.get(at).is_some_and(|syllable| syllable.starts_with(letters))
}

/// What a run of letters can be as pinyin: syllables with spaces between them, of which the last may be unfinished. No
/// more than 16, the likeliest.
///
/// # Design
/// Dynamic programming over the positions: the ways to each are complete before they are carried on. Spelling keeps
/// syllables without an initial consonant inside of words for an apostrophe (`fangan` is fan-gan, fang'an isn't), so a
/// way costs more the more of these it needs; without any, there is mostly one.
pub(super) fn segmentations(letters: &str) -> Vec<String> {
    let mut reached = BTreeMap::from([(0, vec![(0, String::new())])]);
    while let Some((at, mut ways)) = reached.pop_first() {
        ways.sort_by_key(|(cost, _)| *cost);
        ways.truncate(SEGMENTATIONS);
        let Some(rest) = letters.get(at..).filter(|rest| !rest.is_empty()) else {
            return ways.into_iter().map(|(_, phrase)| phrase).collect();
        };
        if let Some(after) = rest.strip_prefix('\'') {
            reached.entry(letters.len() - after.len()).or_default().extend(ways);
            continue;
        }
        let marked = letters.get(..at).is_none_or(|before| before.is_empty() || before.ends_with('\''));
        for head in (1..=LONGEST).filter_map(|length| rest.get(..length)) {
            let own = if is_syllable(head) {
                if marked { 0 } else { cost(head) }
            } else if head.len() == rest.len() && is_beginning(head) {
                1
            } else {
                continue;
            };
            let carried = ways.iter().map(|(cost, phrase)| {
                let space = if phrase.is_empty() { "" } else { " " };
                (cost + own, format!("{phrase}{space}{head}"))
            });
            reached.entry(at + head.len()).or_default().extend(carried);
        }
    }
    Vec::new()
}

fn cost(syllable: &str) -> u32 {
    match syllable {
        // 安, 二 and 欧 are frequent in names, 阿 and 鹅 aren't.
        "an" | "er" | "ou" => 2,
        _ if syllable.starts_with(['a', 'e', 'o']) => 3,
        _ => 0,
    }
}
