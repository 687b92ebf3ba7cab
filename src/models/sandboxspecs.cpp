// SPDX-License-Identifier: MIT
#include "sandboxspecs.h"

#include <QRandomGenerator>
#include <QSet>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr std::array Adjectives = {"amber", "brave", "brisk",  "calm",  "clear",  "cosy",
                                   "eager", "early", "fair",   "fresh", "gentle", "happy",
                                   "keen",  "kind",  "lively", "lucky", "mellow", "neat",
                                   "quiet", "quick", "sunny",  "swift", "warm",   "wise"};
constexpr std::array Nouns = {"badger", "beaver", "birch",   "brook",  "cedar",  "cloud",
                              "falcon", "fern",   "finch",   "harbor", "heron",  "island",
                              "lark",   "maple",  "meadow",  "otter",  "pebble", "pine",
                              "river",  "robin",  "sparrow", "stone",  "willow", "wren"};

bool isNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-' || c == u'.';
}

SpecProblem checkName(const QString &name, const QStringList &takenNames)
{
    constexpr qsizetype MaxLength = 253;
    if (name.isEmpty())
        return SpecProblem::NameEmpty;
    if (name.size() > MaxLength)
        return SpecProblem::NameTooLong;
    if (!std::ranges::all_of(name, isNameCharacter))
        return SpecProblem::NameCharacters;
    for (const QString &part : name.split(u'.')) {
        if (part.isEmpty() || part.startsWith(u'-') || part.endsWith(u'-'))
            return SpecProblem::NameEnds;
    }
    return takenNames.contains(name) ? SpecProblem::NameTaken : SpecProblem::None;
}

SpecProblem checkPorts(const QList<int> &ports)
{
    constexpr qsizetype MaxPorts = 4;
    constexpr int MaxPort = 65535;
    QSet<int> seen;
    for (int port : ports) {
        if (port < 1 || port > MaxPort)
            return SpecProblem::PortRange;
        if (seen.contains(port))
            return SpecProblem::PortTwice;
        seen.insert(port);
    }
    return ports.size() > MaxPorts ? SpecProblem::TooManyPorts : SpecProblem::None;
}

bool isVariableName(const QString &name)
{
    return !name.isEmpty() && !name.contains(u'=') && !name.contains(QChar::Null);
}

}  // namespace

SpecProblem checkSpec(const SandboxSpec &spec, const QStringList &takenNames)
{
    if (const SpecProblem problem = checkName(spec.name, takenNames); problem != SpecProblem::None)
        return problem;
    if (spec.cpu < 1 || spec.cpu > 8)
        return SpecProblem::CpuRange;
    if (spec.mem < 1024 || spec.mem > 16384)
        return SpecProblem::MemRange;
    if (!std::ranges::all_of(spec.envVars.keys(), isVariableName))
        return SpecProblem::EnvironmentName;
    if (spec.labels.contains(QString()))
        return SpecProblem::LabelName;
    return checkPorts(spec.publishPorts);
}

QString suggestedSandboxName(const QStringList &takenNames)
{
    const QSet<QString> taken(takenNames.begin(), takenNames.end());
    const auto pick = [](const auto &words) {
        return QLatin1StringView(
            words[QRandomGenerator::global()->bounded(static_cast<quint32>(words.size()))]);
    };
    constexpr int Tries = 100;
    QString name;
    for (int i = 0; i < Tries; ++i) {
        name = pick(Adjectives) + u'-' + pick(Nouns);
        if (!taken.contains(name))
            return name;
    }
    // Nearly every pair is taken: a number makes it free after at most one more than there are.
    for (qsizetype number = 2; number <= taken.size() + 2; ++number) {
        const QString numbered = name + u'-' + QString::number(number);
        if (!taken.contains(numbered))
            return numbered;
    }
    return name;
}

}  // namespace voidrun
