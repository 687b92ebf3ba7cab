// SPDX-License-Identifier: MIT
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "support/engineprocess.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;

// The installed library from the outside: find_package, build and run against the real engine.
class InstallTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exampleBuildsAndRuns();
};

namespace
{

// Empty when the program succeeded, else what it said.
QString problemOfRun(QProcess &process, const QString &program, const QStringList &arguments)
{
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (process.waitForFinished(100'000) && process.exitCode() == 0)
        return {};
    return program + u' ' + arguments.join(u' ') + u": "_s + process.errorString() + u'\n' +
           QString::fromUtf8(process.readAll());
}

}  // namespace

void InstallTest::exampleBuildsAndRuns()
{
    const QString build = qEnvironmentVariable("VOIDRUN_BUILD_DIR");
    const QString source = qEnvironmentVariable("VOIDRUN_EXAMPLE_DIR");
    QVERIFY2(!build.isEmpty() && !source.isEmpty(),
             "run this by ctest, which says where things are");
    QTemporaryDir folder;
    const QString prefix = folder.filePath(u"prefix"_s);
    const QString example = folder.filePath(u"build"_s);
    const QList<QStringList> steps{
        {u"--install"_s, build, u"--component"_s, u"VoidRunApi"_s, u"--prefix"_s, prefix},
        {u"-S"_s, source, u"-B"_s, example, u"-G"_s, u"Ninja"_s, u"-DCMAKE_PREFIX_PATH="_s + prefix,
         u"-DCMAKE_CXX_FLAGS="_s + qEnvironmentVariable("VOIDRUN_EXAMPLE_FLAGS")},
        {u"--build"_s, example}};
    for (const QStringList &step : steps) {
        QProcess process;
        const QString problem = problemOfRun(process, u"cmake"_s, step);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    EngineProcess engine;
    QVERIFY2(engine.start(), qPrintable(engine.problem()));
    QProcess hello;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"VR_API_URL"_s, engine.profile().baseUrl.toString());
    environment.insert(u"VR_API_KEY"_s, engine.profile().apiKey);
    hello.setProcessEnvironment(environment);
    const QString problem = problemOfRun(hello, example + "/hello"_L1, {});
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY(hello.readAll().startsWith("hello from "));
}

QTEST_GUILESS_MAIN(InstallTest)
#include "tst_install.moc"
