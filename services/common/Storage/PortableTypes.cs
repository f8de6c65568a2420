using System.Data;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pltfrms.Iam.Common.Storage;

/// <summary>Maps the few types that the two engines store differently, so that one SQL text serves both.</summary>
public static class PortableTypes
{
    private static readonly Lock Registration = new();
    private static readonly HashSet<Type> Json = [];
    private static bool _registered;

    /// <summary>Registers the handlers with Dapper, once per process.</summary>
    public static void Register()
    {
        lock (Registration)
        {
            if (_registered)
            {
                return;
            }

            // Columns are snake_case, the records' properties PascalCase.
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
            SqlMapper.RemoveTypeMap(typeof(TimeSpan));
            SqlMapper.RemoveTypeMap(typeof(TimeSpan?));
            SqlMapper.AddTypeHandler(new InstantHandler());
            SqlMapper.AddTypeHandler(new DurationHandler());
            SqlMapper.AddTypeHandler(new StringListHandler());
            _registered = true;
        }
    }

    /// <summary>Stores a record as JSON text, in the column named like the property. Once more does nothing.</summary>
    public static void RegisterJson<T>()
    {
        Register();
        lock (Registration)
        {
            // Dapper copies its table of handlers to add one: two at a time would lose one.
            if (Json.Add(typeof(T)))
            {
                SqlMapper.AddTypeHandler(new JsonHandler<T>());
            }
        }
    }

    /// <summary>Whether a type is stored as JSON text.</summary>
    internal static bool IsJson(Type type)
    {
        lock (Registration)
        {
            return Json.Contains(type);
        }
    }

    /// <summary>PostgreSQL keeps microseconds; both engines must give back what was written.</summary>
    internal static DateTimeOffset ToStored(DateTimeOffset value) => new(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>PostgreSQL: timestamptz. SQLite: fixed-width UTC text with microseconds, so that it sorts.</summary>
    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            var utc = ToStored(value);
            parameter.Value = parameter is SqliteParameter ? InstantText.Write(utc) : utc;
        }

        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTimeOffset instant => instant,
            DateTime utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
            string text => InstantText.Read(text),
            _ => throw new DataException($"{value.GetType()} is not an instant"),
        };
    }

    /// <summary>Whole seconds in an integer column on both engines.</summary>
    private sealed class DurationHandler : SqlMapper.TypeHandler<TimeSpan>
    {
        public override void SetValue(IDbDataParameter parameter, TimeSpan value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = (long)value.TotalSeconds;
        }

        public override TimeSpan Parse(object value) => TimeSpan.FromSeconds(Convert.ToInt64(value, CultureInfo.InvariantCulture));
    }

    /// <summary>PostgreSQL: text[]. SQLite: a JSON array.</summary>
    private sealed class StringListHandler : SqlMapper.TypeHandler<ValueList<string>>
    {
        public override void SetValue(IDbDataParameter parameter, ValueList<string>? value)
        {
            var items = (value ?? []).ToArray();
            parameter.Value = parameter is SqliteParameter ? JsonSerializer.Serialize(items) : items;
        }

        public override ValueList<string> Parse(object value) => value switch
        {
            string[] items => [.. items],
            string json => [.. JsonSerializer.Deserialize<string[]>(json) ?? []],
            _ => throw new DataException($"{value.GetType()} is not a list of strings"),
        };
    }

    private sealed class JsonHandler<T> : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value) =>
            parameter.Value = value is null ? DBNull.Value : JsonSerializer.Serialize(value, StoredJson.Options);

        public override T? Parse(object value) => JsonSerializer.Deserialize<T>((string)value, StoredJson.Options);
    }
}
