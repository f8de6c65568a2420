using Xunit.Abstractions;
using Xunit.Sdk;

namespace Testing.Databases;

/// <summary>As <see cref="StorageFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Testing.Databases.StorageTheoryDiscoverer", "Testing")]
public sealed class StorageTheoryAttribute : TheoryAttribute;

/// <summary>Found by xunit through <see cref="StorageTheoryAttribute"/>.</summary>
public sealed class StorageTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        StorageTestCase.ReasonToSkip(testMethod) is null
            ? base.Discover(discoveryOptions, testMethod, theoryAttribute)
            : [StorageTestCase.For(DiagnosticMessageSink, discoveryOptions, testMethod, arguments: null)];
}
