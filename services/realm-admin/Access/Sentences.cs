namespace Pltfrms.Iam.RealmAdmin.Access;

/// <summary>Words for people.</summary>
internal static class Sentences
{
    public static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
