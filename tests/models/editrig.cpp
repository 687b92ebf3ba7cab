// SPDX-License-Identifier: MIT
#include "editrig.h"

#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace voidrun::test
{

namespace
{

constexpr int Patience = 30'000;  // ms

}  // namespace

void EditRig::renew()
{
    end();
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = u"/tmp/e%1"_s.arg(++m_number);
    run(u"true"_s);
    restart();
}

void EditRig::end()
{
    m_tester.reset();
    m_edits.reset();
    m_transfers.reset();
}

void EditRig::restart()
{
    end();
    m_transfers = std::make_unique<TransferModel>();
    m_edits = std::make_unique<OpenEdits>(copies(), m_transfers.get());
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_edits.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
}

ConnectionProfile EditRig::profile()
{
    ConnectionProfile profile = m_box.engine().profile();
    profile.id = u"test"_s;
    profile.name = u"Test"_s;
    return profile;
}

QString EditRig::run(const QString &command)
{
    return m_box.run(u"mkdir -p %1 && cd %1 && { %2\n}"_s.arg(m_folder, command));
}

int EditRig::open(const QString &name)
{
    QSignalSpy opened(m_edits.get(), &OpenEdits::opened);
    QSignalSpy failed(m_edits.get(), &OpenEdits::openFailed);
    const int id = m_edits->open(profile(), m_box.id(), u"models-test"_s, guest(name));
    const bool isOver =
        QTest::qWaitFor([&] { return !opened.isEmpty() || !failed.isEmpty(); }, Patience);
    return isOver && failed.isEmpty() ? id : 0;
}

bool EditRig::reach(int id, OpenEdit::State wanted) const
{
    return QTest::qWaitFor([&] { return edit(id) && edit(id)->state == wanted; }, Patience);
}

QByteArray EditRig::describe(int id) const
{
    const OpenEdit *known = edit(id);
    if (!known)
        return "it is not there";
    return u"state %1, unsent %2, error %3/%4 %5"_s.arg(static_cast<int>(known->state))
        .arg(known->hasUnsent())
        .arg(static_cast<int>(known->error.kind))
        .arg(static_cast<int>(known->error.reason))
        .arg(known->error.code + known->error.detail)
        .toUtf8();
}

}  // namespace voidrun::test
