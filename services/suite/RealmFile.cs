using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.RealmAdmin.Delegation;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace Pltfrms.Iam.Suite;

/// <summary>The realm document that the suite was given, read and found right before anything is written or deleted.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="RealmId">The realm that it is of.</param>
/// <param name="Document">YAML.</param>
internal sealed record RealmFile(string Path, string RealmId, string Document)
{
    /// <exception cref="StartupException">The file cannot be read or has errors.</exception>
    public static async Task<RealmFile> LoadAsync(string path)
    {
        var document = await ReadAsync(path);
        var file = new RealmFile(path, RealmIdOf(document, path), document);
        try
        {
            RealmDocumentReader.Read(document, file.RealmId, platform: file.RealmId == PlatformRealm.UsualId);
            return file;
        }
        catch (IamException exception)
        {
            throw file.Refused(exception.Violations, exception.Message, exception);
        }
    }

    /// <summary>One line with the first error.</summary>
    public StartupException Refused(IReadOnlyList<FieldViolation> violations, string otherwise, Exception inner)
    {
        var why = violations switch
        {
            [] => otherwise,
            [var only] => $"{only.Field}: {only.Description}",
            [var first, ..] => $"{first.Field}: {first.Description} (and {violations.Count - 1} more)",
        };
        return new StartupException($"--realm: {Path}: {why}", inner);
    }

    private static async Task<string> ReadAsync(string path)
    {
        try
        {
            return File.Exists(path)
                ? await File.ReadAllTextAsync(path)
                : throw new StartupException($"--realm: {path} does not exist.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--realm: {path} cannot be read: {exception.Message}", exception);
        }
    }

    // Only to name the realm in the request; the document's reader compares.
    private static string RealmIdOf(string document, string path)
    {
        const string Field = "realm_id:";
        var line = document.Split('\n').FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal))
            ?? throw new StartupException($"--realm: {path}: realm_id: is missing");
        return line[Field.Length..].Split('#')[0].Trim().Trim('"', '\'');
    }
}
