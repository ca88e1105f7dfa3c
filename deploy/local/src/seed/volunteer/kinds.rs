//! What made-up organisations offer.

/// A kind of opportunity, as the API takes it.
pub(super) struct Kind {
    pub(super) field: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) skills: &'static [&'static str],
    pub(super) required: &'static [&'static str],
    pub(super) trainings: &'static [&'static str],
    pub(super) risks: &'static str,
    pub(super) dangerous: bool,
    pub(super) for_minors: bool,
}

const NO_RISK: &str = "一般无特别风险，请注意往返途中的交通安全。";

const PLAIN: Kind = Kind {
    field: "community_service",
    title: "社区便民服务",
    description: "在社区服务点协助居民办事、引导咨询。",
    skills: &[],
    required: &[],
    trainings: &[],
    risks: NO_RISK,
    dangerous: false,
    for_minors: false,
};

/// Every kind.
pub(super) const KINDS: [Kind; 12] = [
    Kind {
        field: "elder_care",
        title: "独居老人探访",
        description: "两人一组上门陪老人聊天，了解生活需要。",
        skills: &["caregiving", "psychological_support"],
        ..PLAIN
    },
    Kind {
        field: "elder_care",
        title: "老年人智能手机课堂",
        description: "一对一帮助老年人使用智能手机。",
        skills: &["digital_help", "teaching"],
        for_minors: true,
        ..PLAIN
    },
    Kind {
        field: "elder_care",
        title: "助餐点送餐",
        description: "为行动不便的老人送餐上门。",
        skills: &["driving"],
        risks: "骑行送餐时有交通风险，请佩戴头盔。",
        dangerous: true,
        ..PLAIN
    },
    Kind {
        field: "disability_support",
        title: "手语陪同就诊",
        description: "陪同听障人士就诊，提供手语翻译。",
        required: &["sign_language"],
        ..PLAIN
    },
    Kind {
        field: "children_and_youth",
        title: "社区课后辅导",
        description: "在社区辅导小学生完成功课。",
        skills: &["teaching"],
        trainings: &["child_protection"],
        ..PLAIN
    },
    Kind {
        field: "environment",
        title: "河道与绿地清洁",
        description: "沿河道和绿地捡拾垃圾并分类。",
        risks: "临水作业有滑倒、落水的风险，须听从现场安排。",
        dangerous: true,
        ..PLAIN
    },
    Kind {
        field: "environment",
        title: "垃圾分类引导",
        description: "在小区投放点引导居民分类投放。",
        for_minors: true,
        ..PLAIN
    },
    Kind {
        field: "culture_and_education",
        title: "社区图书室整理",
        description: "整理图书、协助借阅。",
        for_minors: true,
        ..PLAIN
    },
    Kind {
        field: "health",
        title: "社区健康咨询",
        description: "为居民测量血压、宣传健康知识。",
        required: &["medical_nursing"],
        ..PLAIN
    },
    Kind {
        field: "emergency_relief",
        title: "社区应急演练",
        description: "协助组织社区消防与急救演练。",
        skills: &["emergency_rescue"],
        trainings: &["first_aid"],
        risks: "演练中有磕碰风险。",
        dangerous: true,
        ..PLAIN
    },
    Kind {
        field: "public_order",
        title: "路口文明交通劝导",
        description: "在路口协助引导行人和非机动车。",
        trainings: &["traffic_guidance"],
        risks: "路口作业有交通风险，须穿反光背心。",
        dangerous: true,
        ..PLAIN
    },
    PLAIN,
];
