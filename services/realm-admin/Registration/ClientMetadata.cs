using System.Text;
using System.Text.Json;
using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Common.Jose;
using Pltfrms.Iam.Errors.V1;

namespace Pltfrms.Iam.RealmAdmin.Registration;

/// <summary>Client metadata as somebody sent them (RFC 7591 section 2). Members that nobody knows are passed over; null is as if it were not there.</summary>
public sealed class ClientMetadata
{
    public const string SoftwareStatement = "software_statement";
    public const string RedirectUris = "redirect_uris";

    /// <summary>A name in a language has the language behind a hash (section 2.2).</summary>
    private const string NamePrefix = "client_name#";

    private const string Name = "client_name";
    private const int MostItems = 100;

    private readonly IReadOnlyDictionary<string, JsonElement> _members;

    private ClientMetadata(IReadOnlyDictionary<string, JsonElement> members) => _members = members;

    /// <summary>Names by language, as sent.</summary>
    public IReadOnlyDictionary<string, string> Names => _members.Keys
        .Where(member => member.StartsWith(NamePrefix, StringComparison.Ordinal))
        .ToDictionary(member => member[NamePrefix.Length..], member => Text(member)!, StringComparer.Ordinal);

    /// <exception cref="IamException">INVALID_CLIENT_METADATA.</exception>
    public static ClientMetadata Read(string json) => StrictJson.ReadObject(Encoding.UTF8.GetBytes(json)) is { } members
        ? new ClientMetadata(Members(members))
        : throw Invalid("The body must be a JSON object with unique names and little nesting.");

    /// <summary>With the claims of a software statement, which win (section 2.3).</summary>
    public ClientMetadata With(JsonElement claims)
    {
        var stated = Members(claims);
        var isNamed = stated.Keys.Any(IsName);
        // Whoever vouches for the name vouches for all of it: no other in another language.
        Dictionary<string, JsonElement> members = new(_members.Where(member => !isNamed || !IsName(member.Key)), StringComparer.Ordinal);
        foreach (var (name, value) in stated)
        {
            members[name] = value;
        }

        return new ClientMetadata(members);
    }

    public bool Has(string member) => _members.ContainsKey(member);

    /// <summary>Null: not there.</summary>
    /// <exception cref="IamException">INVALID_CLIENT_METADATA.</exception>
    public string? Text(string member) => !_members.TryGetValue(member, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(member, "must be a text");

    /// <exception cref="IamException">INVALID_CLIENT_METADATA.</exception>
    public bool Flag(string member) => _members.TryGetValue(member, out var value)
        && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(member, "must be true or false"));

    /// <summary>Null: not there.</summary>
    /// <exception cref="IamException">INVALID_CLIENT_METADATA, INVALID_REDIRECT_URI.</exception>
    public IReadOnlyList<string>? Texts(string member)
    {
        if (!_members.TryGetValue(member, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw Wrong(member, "must be a list of texts");
        }

        return value.GetArrayLength() > MostItems
            ? throw Wrong(member, $"must have at most {MostItems} items")
            : [.. value.EnumerateArray().Select(item => item.GetString()!).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A JSON object as text; null: not there.</summary>
    /// <exception cref="IamException">INVALID_CLIENT_METADATA.</exception>
    public string? Json(string member) => !_members.TryGetValue(member, out var value) ? null
        : value.ValueKind == JsonValueKind.Object ? value.GetRawText()
        : throw Wrong(member, "must be an object");

    /// <summary>The refusal of one member.</summary>
    public static IamException Wrong(string member, string description) => new(
        member.StartsWith(RedirectUris, StringComparison.Ordinal) ? ErrorReason.InvalidRedirectUri : ErrorReason.InvalidClientMetadata,
        $"{member}: {description}")
    {
        Violations = [new FieldViolation(member, description)],
    };

    private static bool IsName(string member) => member == Name || member.StartsWith(NamePrefix, StringComparison.Ordinal);

    private static Dictionary<string, JsonElement> Members(JsonElement json) => json.EnumerateObject()
        .Where(member => member.Value.ValueKind != JsonValueKind.Null)
        .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    private static IamException Invalid(string message) => new(ErrorReason.InvalidClientMetadata, message);
}
