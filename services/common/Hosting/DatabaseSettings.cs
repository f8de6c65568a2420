using Microsoft.Extensions.Options;
using Npgsql;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>Section <c>Database</c>: the service's own database.</summary>
public sealed class DatabaseSettings
{
    public const string Section = "Database";

    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public string? Engine { get; set; }

    /// <summary>SQLite: the file. It is made where it is missing, with its folder.</summary>
    public string? File { get; set; }

    /// <summary>PostgreSQL: the connection string, as Npgsql understands it.</summary>
    public string? ConnectionString { get; set; }
}

internal sealed class DatabaseSettingsValidator : IValidateOptions<DatabaseSettings>
{
    public ValidateOptionsResult Validate(string? name, DatabaseSettings options) => options.Engine switch
    {
        "sqlite" when string.IsNullOrWhiteSpace(options.File) =>
            ValidateOptionsResult.Fail("Database:File is missing; Database:Engine is sqlite."),
        "postgres" when !IsConnectionString(options.ConnectionString) =>
            ValidateOptionsResult.Fail("Database:ConnectionString is missing or malformed; Database:Engine is postgres."),
        "sqlite" or "postgres" => ValidateOptionsResult.Success,
        var other => ValidateOptionsResult.Fail($"Database:Engine is '{other}'; it must be sqlite or postgres."),
    };

    private static bool IsConnectionString(string? text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
