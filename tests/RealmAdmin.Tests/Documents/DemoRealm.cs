using System.Reflection;

namespace RealmAdmin.Tests.Documents;

/// <summary>services/suite/demo-realm.yaml, which is embedded in this assembly.</summary>
internal static class DemoRealm
{
    public const string Id = "demo";

    public static string Document { get; } = Read();

    private static string Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("demo-realm.yaml")!);
        return reader.ReadToEnd();
    }
}
