using Xunit.Abstractions;
using Xunit.Sdk;

namespace Testing.Databases;

/// <summary>A test of a storage contract: skipped in classes with <see cref="NeedsPostgresAttribute"/> where PostgreSQL is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Testing.Databases.StorageFactDiscoverer", "Testing")]
public sealed class StorageFactAttribute : FactAttribute;

/// <summary>Found by xunit through <see cref="StorageFactAttribute"/>. xunit 2 cannot skip from within a running test.</summary>
public sealed class StorageFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        StorageTestCase.For(DiagnosticMessageSink, discoveryOptions, testMethod, arguments: null);
}
