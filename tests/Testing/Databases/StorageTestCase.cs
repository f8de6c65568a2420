using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Testing.Databases;

/// <summary>A test case that is skipped where its class needs PostgreSQL and there is none.</summary>
public sealed class StorageTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For xunit, which makes it when it reads one.")]
    public StorageTestCase()
    {
    }

    private StorageTestCase(
        IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod, object[]? arguments)
        : base(diagnostics, display, options, testMethod, arguments)
    {
    }

    internal static StorageTestCase For(
        IMessageSink diagnostics, ITestFrameworkDiscoveryOptions options, ITestMethod testMethod, object[]? arguments) =>
        new(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), testMethod, arguments);

    internal static string? ReasonToSkip(ITestMethod testMethod) =>
        testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? PostgresInstallation.SkipReason : null;

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute) ?? ReasonToSkip(TestMethod);
}
