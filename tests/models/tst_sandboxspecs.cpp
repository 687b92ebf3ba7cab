// SPDX-License-Identifier: MIT
#include <QRegularExpression>
#include <QTest>

#include "models/sandboxspecs.h"

using namespace Qt::StringLiterals;
using namespace voidrun;

Q_DECLARE_METATYPE(voidrun::SpecProblem)

class TestSandboxSpecs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void otherFields_data();
    void otherFields();
    void suggestionsAreFree();
};

void TestSandboxSpecs::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<SpecProblem>("problem");
    QTest::newRow("plain") << u"calm-otter"_s << SpecProblem::None;
    QTest::newRow("digits") << u"7"_s << SpecProblem::None;
    QTest::newRow("parts") << u"a.b-c.d0"_s << SpecProblem::None;
    QTest::newRow("longest") << QString(253, u'a') << SpecProblem::None;
    QTest::newRow("empty") << u""_s << SpecProblem::NameEmpty;
    QTest::newRow("too long") << QString(254, u'a') << SpecProblem::NameTooLong;
    QTest::newRow("capital") << u"Calm"_s << SpecProblem::NameCharacters;
    QTest::newRow("blank") << u"calm otter"_s << SpecProblem::NameCharacters;
    QTest::newRow("underscore") << u"calm_otter"_s << SpecProblem::NameCharacters;
    QTest::newRow("umlaut") << u"öl"_s << SpecProblem::NameCharacters;
    QTest::newRow("arabic digit") << u"a\u0663"_s << SpecProblem::NameCharacters;
    QTest::newRow("newline") << u"calm\n"_s << SpecProblem::NameCharacters;
    QTest::newRow("dash first") << u"-calm"_s << SpecProblem::NameEnds;
    QTest::newRow("dash last") << u"calm-"_s << SpecProblem::NameEnds;
    QTest::newRow("dash before dot") << u"calm-.otter"_s << SpecProblem::NameEnds;
    QTest::newRow("two dots") << u"calm..otter"_s << SpecProblem::NameEnds;
    QTest::newRow("dot last") << u"calm."_s << SpecProblem::NameEnds;
    QTest::newRow("taken") << u"taken"_s << SpecProblem::NameTaken;
}

void TestSandboxSpecs::names()
{
    QFETCH(QString, name);
    SandboxSpec spec;
    spec.name = name;
    QTEST(checkSpec(spec, {u"taken"_s}), "problem");
}

void TestSandboxSpecs::otherFields_data()
{
    QTest::addColumn<int>("cpu");
    QTest::addColumn<int>("mem");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QList<int>>("ports");
    QTest::addColumn<SpecProblem>("problem");
    const QString name = u"NAME"_s;
    QTest::newRow("least") << 1 << 1024 << name << name << QList<int>{} << SpecProblem::None;
    QTest::newRow("most") << 8 << 16384 << name << name << QList{1, 65535, 80, 443}
                          << SpecProblem::None;
    QTest::newRow("no cpu") << 0 << 1024 << name << name << QList<int>{} << SpecProblem::CpuRange;
    QTest::newRow("9 cpus") << 9 << 1024 << name << name << QList<int>{} << SpecProblem::CpuRange;
    QTest::newRow("little memory")
        << 1 << 1023 << name << name << QList<int>{} << SpecProblem::MemRange;
    QTest::newRow("much memory") << 1 << 16385 << name << name << QList<int>{}
                                 << SpecProblem::MemRange;
    QTest::newRow("unnamed variable")
        << 1 << 1024 << u""_s << name << QList<int>{} << SpecProblem::EnvironmentName;
    QTest::newRow("variable with =")
        << 1 << 1024 << u"A=B"_s << name << QList<int>{} << SpecProblem::EnvironmentName;
    QTest::newRow("variable with NUL")
        << 1 << 1024 << u"A"_s + QChar(0) << name << QList<int>{} << SpecProblem::EnvironmentName;
    QTest::newRow("unnamed label")
        << 1 << 1024 << name << u""_s << QList<int>{} << SpecProblem::LabelName;
    QTest::newRow("port 0") << 1 << 1024 << name << name << QList{0} << SpecProblem::PortRange;
    QTest::newRow("port 65536") << 1 << 1024 << name << name << QList{65536}
                                << SpecProblem::PortRange;
    QTest::newRow("port twice") << 1 << 1024 << name << name << QList{80, 81, 80}
                                << SpecProblem::PortTwice;
    QTest::newRow("five ports") << 1 << 1024 << name << name << QList{1, 2, 3, 4, 5}
                                << SpecProblem::TooManyPorts;
}

void TestSandboxSpecs::otherFields()
{
    QFETCH(int, cpu);
    QFETCH(int, mem);
    QFETCH(QString, variable);
    QFETCH(QString, label);
    QFETCH(QList<int>, ports);
    SandboxSpec spec;
    spec.name = u"fine"_s;
    spec.cpu = cpu;
    spec.mem = mem;
    spec.envVars.insert(variable, u"value"_s);
    spec.labels.insert(label, u"value"_s);
    spec.publishPorts = ports;
    QTEST(checkSpec(spec, {}), "problem");
}

void TestSandboxSpecs::suggestionsAreFree()
{
    QStringList taken;
    SandboxSpec spec;
    constexpr int MoreThanAllPairs = 24 * 24 + 100;
    for (int i = 0; i < MoreThanAllPairs; ++i) {
        spec.name = suggestedSandboxName(taken);
        QCOMPARE(checkSpec(spec, taken), SpecProblem::None);
        taken.append(spec.name);
    }
    QCOMPARE(taken.removeDuplicates(), 0);
}

QTEST_GUILESS_MAIN(TestSandboxSpecs)
#include "tst_sandboxspecs.moc"
